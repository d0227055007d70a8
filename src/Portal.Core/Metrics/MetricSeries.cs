using System.Collections.Immutable;

namespace Portal.Core.Metrics;

/// <summary>What a metric was over a stretch of time that begins at a moment.</summary>
/// <param name="At">Milliseconds since 1970, UTC.</param>
public readonly record struct MetricPoint(long At, double Min, double Average, double Max)
{
    /// <summary>Nothing is known from this moment until the next point: lines are not drawn across it.</summary>
    public static MetricPoint Gap(long at) => new(at, double.NaN, double.NaN, double.NaN);

    /// <summary>A single value.</summary>
    public static MetricPoint One(long at, double value) => new(at, value, value, value);

    public bool IsGap => double.IsNaN(Average);

    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(At);
}

/// <summary>Who has measured.</summary>
public enum MetricOrigin
{
    /// <summary>The node's agent.</summary>
    Agent,

    /// <summary>What topolvm-node, the kubelet or the API server tells without an agent.</summary>
    Cluster,

    Prometheus,
}

/// <summary>The points of one line, in order of time.</summary>
/// <param name="Origin">Who has measured the last of them; null when nobody has.</param>
public sealed record MetricSeries(SeriesKey Key, ImmutableArray<MetricPoint> Points, MetricOrigin? Origin)
{
    /// <summary>Who else has measured some of them; null when it was one alone.</summary>
    public MetricOrigin? AlsoFrom { get; init; }

    /// <summary>The last moment of which something is known; null when nothing is.</summary>
    public DateTimeOffset? LatestAt
    {
        get
        {
            for (var i = Points.Length - 1; i >= 0; i--)
                if (!Points[i].IsGap) return Points[i].Time;
            return null;
        }
    }
}

/// <summary>What is asked of a source.</summary>
/// <param name="Step">The stretch of time of a point; a source may answer with longer ones when it has no finer.</param>
public sealed record MetricQuery(ImmutableArray<SeriesKey> Series, DateTimeOffset From, DateTimeOffset To, TimeSpan Step);

/// <summary>Answers with points: the agents' last minutes, the portal's history, Prometheus.</summary>
public interface IMetricSource
{
    /// <summary>One answer for each series asked for, in that order; without points where nothing is known.</summary>
    Task<ImmutableArray<MetricSeries>> QueryAsync(MetricQuery query, CancellationToken cancel);
}
