using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Tests.Testing;

/// <summary>A source that has measured a series as a function of the second, from the beginning of time until now.</summary>
internal sealed class PlayedMetrics : IMetricSource
{
    private int _asked;

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>The value of a second since 1970; not a number for a gap.</summary>
    public Func<SeriesKey, long, double> Value { get; set; } = static (_, _) => double.NaN;

    public Task<ImmutableArray<MetricSeries>> QueryAsync(MetricQuery query, CancellationToken cancel)
    {
        Interlocked.Increment(ref _asked);
        return Task.FromResult<ImmutableArray<MetricSeries>>([.. query.Series.Select(key => Of(key, query))]);
    }

    private MetricSeries Of(SeriesKey key, MetricQuery query)
    {
        var step = Math.Max(1, (long)query.Step.TotalSeconds);
        var points = ImmutableArray.CreateBuilder<MetricPoint>();
        for (var second = (query.From.ToUnixTimeSeconds() + step) / step * step; second <= query.To.ToUnixTimeSeconds(); second += step)
        {
            var value = Value(key, second);
            points.Add(double.IsNaN(value) ? MetricPoint.Gap(second * 1000) : MetricPoint.One(second * 1000, value));
        }
        return new(key, points.ToImmutable(), MetricOrigin.Agent);
    }
}
