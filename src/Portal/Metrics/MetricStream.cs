using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Metrics;

/// <summary>The names under which readings and segments are kept: what a node's agent measures, what the cluster tells of the node meanwhile, and what its
/// kubelet does. An agent that was away tells of hours that the cluster has told of already; in streams of their own all stay in order. What is measured at
/// other moments than the rest of its stream would be cut off where a window ends.</summary>
internal static class MetricStream
{
    // No name of a node holds a space.
    private const string ClusterSuffix = " cluster";
    private const string KubeletSuffix = " kubelet";

    public static string OfAgent(string node) => node;

    public static string OfCluster(string node) => node + ClusterSuffix;

    public static string OfKubelet(string node) => node + KubeletSuffix;

    /// <summary>Where a series is kept. Where several streams have it, of each moment the first counts that knows it: an agent measures more often than
    /// the cluster, and both count the same.</summary>
    public static ImmutableArray<string> AllOf(SeriesKey key) => !IsOfBoth(key) ? [Of(key)]
        : [OfAgent(key.Of.Node), key.Of.Kind == MeasuredKind.LogicalVolume ? OfKubelet(key.Of.Node) : OfCluster(key.Of.Node)];

    /// <summary>The agent tells it where one runs, and else the cluster does.</summary>
    public static bool IsOfBoth(SeriesKey key) => key.Of.Kind is MeasuredKind.LogicalVolume or MeasuredKind.ThinPool && !Metric.Io.Contains(key.Metric);

    public static string Of(SeriesKey key) => key.Of.Kind switch
    {
        MeasuredKind.Cluster or MeasuredKind.DeviceClass => OfCluster(key.Of.Node),
        MeasuredKind.VolumeGroup when !Metric.Io.Contains(key.Metric) => OfCluster(key.Of.Node),
        _ => OfAgent(key.Of.Node),
    };
}
