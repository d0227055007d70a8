using System.Collections.Immutable;
using System.Globalization;

namespace Portal.Components.Lists;

/// <summary>The words by which each row of a list is found. To make them costs more than to search them, so they are made once for each state of the
/// rows, whoever searches and however often.</summary>
internal static class SearchTexts
{
    // No text that a person types holds it, so that no word is found across two columns.
    private const char Border = '\n';

    /// <summary>One text per row, in the rows' order and the reader's language.</summary>
    public static string[] Of<TRow>(ImmutableArray<TRow> rows, IReadOnlyList<ListColumn<TRow>> columns) =>
        MadeOnce.Of(rows, $"search {CultureInfo.CurrentUICulture.Name} {string.Join(' ', columns.Select(column => column.Id))}", all => Make(all, columns));

    private static string[] Make<TRow>(ImmutableArray<TRow> rows, IReadOnlyList<ListColumn<TRow>> columns)
    {
        var searched = columns.Where(column => !column.IsNumber).ToArray();
        var texts = new string[rows.Length];
        Parallel.For(0, texts.Length, row => texts[row] = string.Join(Border, searched.Select(column => column.Text(rows[row]))));
        return texts;
    }
}
