using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>Who has measured what a chart shows, as its card says it.</summary>
public static class ChartSource
{
    /// <param name="series">All that it shows.</param>
    /// <param name="agents">What stands for agents, where they are those of many nodes.</param>
    public static string Of(ImmutableArray<MetricSeries> series, Func<string>? agents)
    {
        var sources = Words(series, one => one.Origin, agents).ToArray();
        // What tells the older points and tells nothing new.
        var others = Words(series, one => one.AlsoFrom, agents).Except(sources).ToArray();
        var now = string.Join(ChartTexts.And, sources);
        return others.Length == 0 ? now : ChartTexts.InPart(now, string.Join(ChartTexts.And, others));
    }

    private static IEnumerable<string> Words(ImmutableArray<MetricSeries> series, Func<MetricSeries, MetricOrigin?> of, Func<string>? agents) =>
        series.Where(one => of(one) is not null).OrderBy(of).Select(one => WordOf(of(one)!.Value, one.Key, agents)).Distinct();

    private static string WordOf(MetricOrigin origin, SeriesKey key, Func<string>? agents) => origin switch
    {
        MetricOrigin.Agent => agents?.Invoke() ?? (key.Of.Node.Length == 0 ? ChartTexts.FromAgents : ChartTexts.FromAgent(key.Of.Node)),
        MetricOrigin.Prometheus => ChartTexts.FromPrometheus,
        _ when key.Of.Kind == MeasuredKind.LogicalVolume => ChartTexts.FromKubelet(key.Of.Node),
        _ when key.Metric.Unit == MetricUnit.Percent => ChartTexts.FromPlugin(key.Of.Node),
        _ => ChartTexts.FromCluster,
    };
}
