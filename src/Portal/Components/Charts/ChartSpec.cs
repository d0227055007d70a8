using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What a person reads: the same in legend, table and file.</param>
public sealed record ChartLine(string Name, ImmutableArray<MetricPoint> Points)
{
    /// <summary>Which of the colours in tokens.css, counted from 0; null takes the line's place in the chart.</summary>
    public int? Colour { get; init; }

    /// <summary>Not measured but reckoned: what comes if nothing changes, or the most that it holds. Drawn with dashes.</summary>
    public bool IsExpected { get; init; }
}

/// <summary>A chart as data: what it shows, not how it is drawn.</summary>
/// <param name="Id">Tells it from the others of its page.</param>
/// <param name="From">The left edge.</param>
/// <param name="To">The right edge; where now is, for a chart that goes on and shows nothing that is expected.</param>
public sealed record ChartSpec(string Id, string Title, MetricUnit Unit, ImmutableArray<ChartLine> Lines, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Each line stands on those before it.</summary>
    public bool IsStacked { get; init; }

    /// <summary>Why there is no point, as a sentence with the next step.</summary>
    public string? WhyEmpty { get; init; }

    public bool IsEmpty => Lines.All(line => line.Points.All(point => point.IsGap));

    /// <summary>The last moment of which something is known; null when nothing is.</summary>
    public DateTimeOffset? LatestAt => Lines.Where(line => !line.IsExpected).Select(LatestOf).Max();

    public bool LooksAhead => Lines.Any(line => line.IsExpected);

    /// <summary>Who has measured what it shows, in the reader's language: "from the agent of node edge-1".</summary>
    public string Source { get; init; } = "";

    private static DateTimeOffset? LatestOf(ChartLine line)
    {
        for (var at = line.Points.Length - 1; at >= 0; at--)
            if (!line.Points[at].IsGap) return line.Points[at].Time;
        return null;
    }
}
