using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>The charts of what reads and writes: the same five for a disk, a volume, a node and the cluster.</summary>
public static class IoCharts
{
    /// <summary>How often the cluster as a whole is measured.</summary>
    public static TimeSpan ClusterStep { get; } = TimeSpan.FromSeconds(10);

    /// <param name="id">Of the page's part, for the names of files.</param>
    /// <param name="things">With the name of each; of a single one the lines are called by what they are alone.</param>
    public static ImmutableArray<ChartPlan> Of(string id, ImmutableArray<(Measured Of, string Name)> things, string? whyEmpty = null) =>
    [
        Plan(id + "-throughput", ChartTexts.Throughput, things, whyEmpty, Metric.ReadThroughput, Metric.WriteThroughput),
        Plan(id + "-operations", ChartTexts.Operations, things, whyEmpty, Metric.ReadOperations, Metric.WriteOperations),
        Plan(id + "-latency", ChartTexts.Latency, things, whyEmpty ?? ChartTexts.NoLatency, Metric.ReadLatency, Metric.WriteLatency),
        Plan(id + "-queue", ChartTexts.QueueTitle, things, whyEmpty, Metric.Queue),
        Plan(id + "-busy", ChartTexts.BusyTitle, things, whyEmpty, Metric.Busy),
    ];

    private static ChartPlan Plan(string id, string title, ImmutableArray<(Measured Of, string Name)> things, string? whyEmpty, params ReadOnlySpan<Metric> metrics)
    {
        var lines = ImmutableArray.CreateBuilder<ChartPlan.Line>(things.Length * metrics.Length);
        foreach (var (of, name) in things)
        {
            foreach (var metric in metrics) lines.Add(new(NameOf(name, metric, things.Length, metrics.Length), new SeriesKey(of, metric)));
        }
        return new(id, title, metrics[0].Unit, lines.MoveToImmutable()) { WhyEmpty = whyEmpty };
    }

    private static string NameOf(string thing, Metric metric, int things, int metrics) =>
        things == 1 ? MetricWords.NameOf(metric) : metrics == 1 ? thing : ChartTexts.OfThing(thing, MetricWords.NameOf(metric));
}
