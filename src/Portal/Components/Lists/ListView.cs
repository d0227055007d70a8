using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Components.Lists;

/// <summary>How a person looks at a list, as the URL keeps it: <c>?q=shop&amp;sort=-size&amp;columns=name,size&amp;selected=shop/data&amp;node=edge-1</c>.</summary>
public sealed record ListView
{
    // A URL takes some 2,000 characters safely; a larger selection is not kept in it.
    private const int LongestSelection = 1500;

    public string Search { get; init; } = "";

    /// <summary>A column's id; "" is the list's own order.</summary>
    public string Sort { get; init; } = "";

    public bool Descending { get; init; }

    /// <summary>Ids of the columns that show, in the list's order; empty shows the usual ones.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    public ImmutableHashSet<string> Selected { get; init; } = [];

    /// <summary>Chosen value by filter id.</summary>
    public ImmutableDictionary<string, string> Filters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <param name="filterIds">The filters that the list has; other parameters of the URL are not its own.</param>
    public static ListView Read(string uri, IEnumerable<string> filterIds)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        var sort = Value("sort");
        return new()
        {
            Search = Value("q"),
            Sort = sort.TrimStart('-'),
            Descending = sort.StartsWith('-'),
            Columns = [.. Words("columns")],
            Selected = [.. Words("selected")],
            Filters = filterIds.Select(id => KeyValuePair.Create(id, Value(id))).Where(filter => filter.Value.Length > 0).ToImmutableDictionary(),
        };

        string Value(string name) => query.TryGetValue(name, out var found) ? found.ToString() : "";

        string[] Words(string name) => Value(name).Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The columns that show: what is searched, too, so that a row is never found by what nobody sees.</summary>
    public ImmutableArray<ListColumn<TRow>> Shown<TRow>(IReadOnlyList<ListColumn<TRow>> columns) =>
        [.. columns.Where((column, at) => at == 0 || (Columns.IsEmpty ? !column.IsExtra : Columns.Contains(column.Id)))];

    /// <summary>The parameters of the URL; null takes one away.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery(IEnumerable<string> filterIds)
    {
        var query = new Dictionary<string, object?>
        {
            ["q"] = Search.Length > 0 ? Search : null,
            ["sort"] = Sort.Length > 0 ? (Descending ? "-" : "") + Sort : null,
            ["columns"] = Columns.IsEmpty ? null : string.Join(',', Columns),
            ["selected"] = string.Join(',', Selected.Order(StringComparer.Ordinal)) is { Length: > 0 and <= LongestSelection } selected ? selected : null,
        };
        foreach (var id in filterIds) query[id] = Filters.GetValueOrDefault(id);
        return query;
    }
}
