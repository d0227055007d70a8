using Microsoft.AspNetCore.Components;

namespace Portal.Components.Lists;

/// <summary>One column of a <see cref="ListTable{TRow}"/>.</summary>
/// <param name="Id">What the URL calls it.</param>
/// <param name="Text">What is searched, sorted by default, and written to the CSV file.</param>
public sealed record ListColumn<TRow>(string Id, string Title, Func<TRow, string> Text)
{
    /// <summary>What the cell shows; null shows the text.</summary>
    public RenderFragment<TRow>? Cell { get; init; }

    /// <summary>What rows are sorted by; null values come last in both directions.</summary>
    public Func<TRow, IComparable?>? SortBy { get; init; }

    /// <summary>It stands at the right, and no search looks into it: digits of sizes would drown the names that hold them.</summary>
    public bool IsNumber { get; init; }

    /// <summary>The first press of its title puts the greatest first.</summary>
    public bool GreatestFirst { get; init; }

    /// <summary>It shows only when a person asks for it.</summary>
    public bool IsExtra { get; init; }
}

/// <summary>A choice above a list: only rows that match the chosen value are shown.</summary>
/// <param name="Id">What the URL calls it.</param>
/// <param name="Choices">Each value with what a person reads; that every row is shown is added in front.</param>
public sealed record ListFilter<TRow>(string Id, string Title, IReadOnlyList<(string Value, string Text)> Choices, Func<TRow, string, bool> Matches);
