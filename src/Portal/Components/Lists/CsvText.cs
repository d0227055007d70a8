using System.Globalization;
using System.Text;

namespace Portal.Components.Lists;

/// <summary>A list as a CSV file (RFC 4180) that spreadsheet programs open as text, whatever a cell begins with.</summary>
public static class CsvText
{
    public static string Of<TRow>(IEnumerable<TRow> rows, IReadOnlyList<ListColumn<TRow>> columns)
    {
        // Excel takes a file without this mark for one in the local code page.
        var text = new StringBuilder("\uFEFF");
        Line(columns.Select(column => column.Title));
        foreach (var row in rows) Line(columns.Select(column => column.Text(row)));
        return text.ToString();

        void Line(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
    }

    private static string Cell(string value)
    {
        // A spreadsheet would run these as formulas.
        if (value.Length > 0 && (value[0] is '=' or '+' or '-' or '@' or '\t') && !double.TryParse(value, CultureInfo.InvariantCulture, out _)) value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : '"' + value.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
    }
}
