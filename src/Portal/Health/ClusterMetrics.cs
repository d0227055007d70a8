using System.Diagnostics.Metrics;
using Portal.Core;
using Portal.Core.Cluster;

namespace Portal.Health;

/// <summary>Measures how fresh the portal's copy of the cluster is.</summary>
public sealed class ClusterMetrics : IDisposable
{
    public const string MeterName = "Portal.Cluster";

    private readonly Meter _meter;
    private readonly Live<ClusterSnapshot> _cluster;
    private readonly TimeProvider _time;

    public ClusterMetrics(IMeterFactory meters, Live<ClusterSnapshot> cluster, TimeProvider time)
    {
        (_cluster, _time) = (cluster, time);
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge("portal.watch.age", Ages, "s", "Seconds since a kind's copy was last known to be complete.");
        _meter.CreateObservableGauge("portal.watch.live", Lives, null, "1 while the watch of a kind is open, 0 while it is broken.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Ages()
    {
        var now = _time.GetUtcNow();
        foreach (var (kind, freshness, _) in _cluster.Current.Freshness)
            if (freshness.AsOf is { } asOf) yield return new((now - asOf).TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }

    private IEnumerable<Measurement<int>> Lives()
    {
        foreach (var (kind, freshness, _) in _cluster.Current.Freshness)
            yield return new(freshness.IsLive ? 1 : 0, new KeyValuePair<string, object?>("kind", kind));
    }
}
