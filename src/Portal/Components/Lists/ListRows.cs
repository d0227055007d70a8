using System.Collections.Immutable;

namespace Portal.Components.Lists;

/// <summary>Which rows of a list a view shows, and in which order.</summary>
public static class ListRows
{
    public static ImmutableArray<TRow> Shown<TRow>(
        ImmutableArray<TRow> rows, IReadOnlyList<ListColumn<TRow>> columns, IReadOnlyList<ListFilter<TRow>> filters, ListView view)
    {
        var words = view.Search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var chosen = filters.Where(filter => view.Filters.ContainsKey(filter.Id)).ToArray();
        var found = words.Length == 0 && chosen.Length == 0 ? rows
            : rows.Where(row => chosen.All(filter => filter.Matches(row, view.Filters[filter.Id])) && MentionsAll(row, columns, words)).ToImmutableArray();
        if (columns.FirstOrDefault(column => column.Id == view.Sort) is not { } sorted) return found;
        var key = sorted.SortBy ?? (row => sorted.Text(row));
        var keyed = found.Select(row => (Row: row, Key: key(row)));
        var comparer = view.Descending ? Descending : Ascending;
        return [.. keyed.OrderBy(row => row.Key is null).ThenBy(row => row.Key, comparer).Select(row => row.Row)];
    }

    private static readonly Comparer<IComparable?> Ascending = Comparer<IComparable?>.Create(Compare);

    private static readonly Comparer<IComparable?> Descending = Comparer<IComparable?>.Create((one, other) => Compare(other, one));

    private static int Compare(IComparable? one, IComparable? other) => (one, other) switch
    {
        (string text, string second) => StringComparer.OrdinalIgnoreCase.Compare(text, second),
        _ => Comparer<IComparable?>.Default.Compare(one, other),
    };

    // Each text is made once, however many words are searched for: making it costs more than searching it.
    private static bool MentionsAll<TRow>(TRow row, IReadOnlyList<ListColumn<TRow>> columns, string[] words)
    {
        if (words.Length == 0) return true;
        var open = words;
        foreach (var column in columns)
        {
            var text = column.Text(row);
            open = Array.FindAll(open, word => !text.Contains(word, StringComparison.OrdinalIgnoreCase));
            if (open.Length == 0) return true;
        }
        return false;
    }
}
