using System.Collections.Immutable;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Metrics;

namespace Portal.Metrics;

// What is asked for is answered from the history; for a node that somebody watches its latest seconds come from memory. A volume group and a node do
// what their disks do, a thing that is not measured itself: its series are made of theirs.

/// <summary>Answers every question for points: whoever draws a chart asks here.</summary>
public sealed class MetricSources(HistorySource history, LiveMetrics live, Live<AgentsSnapshot> agents, PrometheusSource? prometheus = null) : IMetricSource
{
    // The portal itself keeps so much in its finest steps; beyond that a Prometheus, where there is one, remembers longer.
    private static readonly TimeSpan AskPrometheusBeyond = TimeSpan.FromDays(2);

    // Finer than the history keeps it.
    private static readonly TimeSpan Finest = TimeSpan.FromSeconds(10);

    public async Task<ImmutableArray<MetricSeries>> QueryAsync(MetricQuery query, CancellationToken cancel)
    {
        var parts = query.Series.ToDictionary(key => key, PartsOf);
        ImmutableArray<SeriesKey> asked = [.. parts.Values.SelectMany(part => part).Distinct()];
        var known = IsInMemory(asked, query) ? asked.ToDictionary(key => key, key => new MetricSeries(key, [], null))
            : (await PastAsync(query with { Series = asked }, cancel)).ToDictionary(series => series.Key);
        if (query.Step < Finest)
        {
            foreach (var key in asked.Where(IsOfAgent)) known[key] = WithLive(known[key], query);
        }
        return [.. query.Series.Select(key => Together(key, [.. parts[key].Select(part => known[part])]))];
    }

    /// <summary>The newest points of a series, from memory alone: what a chart that is open adds each second.</summary>
    /// <param name="from">Milliseconds since 1970, not included.</param>
    public MetricSeries Newest(SeriesKey key, long from)
    {
        var parts = PartsOf(key);
        return Together(key, [.. parts.Select(part => new MetricSeries(part, live.Points(part, from), MetricOrigin.Agent))]);
    }

    // What a chart that is open asks for each second: its nodes are watched, and it has all but the last moments.
    private bool IsInMemory(ImmutableArray<SeriesKey> asked, MetricQuery query) => query.Step < Finest
        && asked.All(key => IsOfAgent(key) && !IsToldByCluster(key)) && asked.Select(key => key.Of.Node).Distinct().All(node => live.Since(node) is { } since && since <= query.From.ToUnixTimeMilliseconds());

    // What the cluster tells is not in the agents' readings, which would say that it is not known.
    private static bool IsOfAgent(SeriesKey key) => MetricStream.Of(key) == MetricStream.OfAgent(key.Of.Node);

    // While the agent is away, the cluster may tell what is newer than the agent's last seconds.
    private bool IsToldByCluster(SeriesKey key) => MetricStream.IsOfBoth(key) && agents.Current.Find(key.Of.Node) is not { IsConnected: true };

    private async Task<ImmutableArray<MetricSeries>> PastAsync(MetricQuery query, CancellationToken cancel)
    {
        if (prometheus is null || query.To - query.From <= AskPrometheusBeyond) return await history.QueryAsync(query, cancel);
        var answers = await prometheus.QueryAsync(query, cancel);
        // What it does not know, or does not answer, the portal may.
        ImmutableArray<SeriesKey> missing = [.. answers.Where(series => series.Points.IsEmpty).Select(series => series.Key)];
        if (missing.IsEmpty) return answers;
        var own = (await history.QueryAsync(query with { Series = missing }, cancel)).ToDictionary(series => series.Key);
        return [.. answers.Select(series => own.GetValueOrDefault(series.Key, series))];
    }

    private MetricSeries WithLive(MetricSeries past, MetricQuery query)
    {
        if (live.Since(past.Key.Of.Node) is not { } since) return past;
        var newest = live.Points(past.Key, query.From.ToUnixTimeMilliseconds()).Where(point => point.At <= query.To.ToUnixTimeMilliseconds()).ToArray();
        if (newest.Length == 0) return past;
        // What is later than the agent's last moment is not of the agent.
        MetricPoint[] later = [.. past.Points.Where(point => point.At > newest[^1].At)];
        return past with
        {
            Points = [.. past.Points.Where(point => point.At < since), .. newest, .. later],
            Origin = later.Length == 0 ? MetricOrigin.Agent : past.Origin,
            AlsoFrom = later.Length > 0 ? MetricOrigin.Agent : past.Origin == MetricOrigin.Agent ? past.AlsoFrom : past.Origin,
        };
    }

    private ImmutableArray<SeriesKey> PartsOf(SeriesKey key)
    {
        var isMadeOfDisks = key.Of.Kind is MeasuredKind.Node or MeasuredKind.VolumeGroup && Metric.Io.Contains(key.Metric);
        if (!isMadeOfDisks) return [key];
        var inventory = agents.Current.Find(key.Of.Node)?.Inventory;
        if (inventory is null) return [];
        var disks = key.Of.Kind == MeasuredKind.Node ? MeasuredDisks.Of(inventory) : MeasuredDisks.Of(inventory, key.Of.Name);
        // A mean time is weighed by the requests.
        var also = key.Metric == Metric.ReadLatency ? Metric.ReadOperations : key.Metric == Metric.WriteLatency ? Metric.WriteOperations : null;
        return [.. disks.SelectMany(disk => Keys(Measured.Disk(key.Of.Node, disk)))];

        IEnumerable<SeriesKey> Keys(Measured disk) => also is null ? [new(disk, key.Metric)] : [new(disk, key.Metric), new(disk, also)];
    }

    private static MetricSeries Together(SeriesKey key, ImmutableArray<MetricSeries> parts)
    {
        if (parts is [var only] && only.Key == key) return only;
        var points = SeriesSum.Of(key.Metric, [.. parts.Where(part => part.Key.Metric == key.Metric)], [.. parts.Where(part => part.Key.Metric != key.Metric)]);
        return new(key, points, points.IsEmpty ? null : parts.Select(part => part.Origin).FirstOrDefault(origin => origin is not null));
    }
}
