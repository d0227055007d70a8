using System.Collections.Immutable;

namespace Portal.Core.Metrics;

/// <summary>Makes the line of a whole of the lines of its parts, where all of them have points at the same moments.</summary>
public static class SeriesSum
{
    /// <summary>Rates, queues and sizes are added; the busiest part counts; a mean time is weighed by the requests of its part.</summary>
    /// <param name="weights">The requests of each part, for a metric that is a mean time; else empty.</param>
    public static ImmutableArray<MetricPoint> Of(Metric metric, ImmutableArray<MetricSeries> parts, ImmutableArray<MetricSeries> weights)
    {
        if (parts is [var only]) return only.Points;
        var weightOf = weights.ToDictionary(weight => weight.Key.Of, weight => weight.Points.ToDictionary(point => point.At, point => point.Average));
        var sums = new SortedDictionary<long, (double Sum, double Weight)>();
        foreach (var part in parts)
        {
            var weightAt = weightOf.GetValueOrDefault(part.Key.Of);
            foreach (var point in part.Points)
            {
                var before = sums.GetValueOrDefault(point.At);
                if (point.IsGap)
                {
                    sums.TryAdd(point.At, before);
                    continue;
                }
                var weight = metric.Unit == MetricUnit.Milliseconds ? weightAt?.GetValueOrDefault(point.At) ?? 0 : 1;
                sums[point.At] = metric == Metric.Busy ? (Math.Max(before.Sum, point.Average), 1) : (before.Sum + (point.Average * weight), before.Weight + weight);
            }
        }
        return [.. sums.Select(sum => sum.Value.Weight == 0
            ? MetricPoint.Gap(sum.Key)
            : MetricPoint.One(sum.Key, metric.Unit == MetricUnit.Milliseconds ? sum.Value.Sum / sum.Value.Weight : sum.Value.Sum))];
    }
}
