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
        var found = words.Length == 0 && chosen.Length == 0 ? rows : Found(rows, words.Length == 0 ? null : SearchTexts.Of(rows, view.Shown(columns)), words, row => chosen.All(filter => filter.Matches(row, view.Filters[filter.Id])));
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

    private static ImmutableArray<TRow> Found<TRow>(ImmutableArray<TRow> rows, string[]? texts, string[] words, Func<TRow, bool> matches)
    {
        var found = ImmutableArray.CreateBuilder<TRow>();
        for (var row = 0; row < rows.Length; row++)
        {
            if (texts is not null && !Array.TrueForAll(words, word => texts[row].Contains(word, StringComparison.OrdinalIgnoreCase))) continue;
            if (matches(rows[row])) found.Add(rows[row]);
        }
        return found.ToImmutable();
    }
}
