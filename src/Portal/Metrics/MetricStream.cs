using Portal.Core.Metrics;

namespace Portal.Metrics;

/// <summary>The names under which readings and segments are kept: what a node's agent measures, and what the cluster tells of the node meanwhile. An agent
/// that was away tells of hours that the cluster has told of already; in streams of their own both stay in order.</summary>
internal static class MetricStream
{
    // No name of a node holds a space.
    private const string ClusterSuffix = " cluster";

    public static string OfAgent(string node) => node;

    public static string OfCluster(string node) => node + ClusterSuffix;

    public static string Of(SeriesKey key) => key.Of.Kind switch
    {
        MeasuredKind.Cluster or MeasuredKind.DeviceClass => OfCluster(key.Of.Node),
        MeasuredKind.VolumeGroup when !Metric.Io.Contains(key.Metric) => OfCluster(key.Of.Node),
        _ => OfAgent(key.Of.Node),
    };
}
