using System.Collections.Immutable;
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

    /// <summary>Where a series is kept. Where several streams have it, of each moment the first counts that knows it: an agent measures more often than
    /// the cluster, and both count the same.</summary>
    public static ImmutableArray<string> AllOf(SeriesKey key) => IsOfBoth(key) ? [OfAgent(key.Of.Node), OfCluster(key.Of.Node)] : [Of(key)];

    /// <summary>The agent tells it where one runs, and else the cluster does.</summary>
    public static bool IsOfBoth(SeriesKey key) => key.Of.Kind is MeasuredKind.LogicalVolume or MeasuredKind.ThinPool && !Metric.Io.Contains(key.Metric);

    public static string Of(SeriesKey key) => key.Of.Kind switch
    {
        MeasuredKind.Cluster or MeasuredKind.DeviceClass => OfCluster(key.Of.Node),
        MeasuredKind.VolumeGroup when !Metric.Io.Contains(key.Metric) => OfCluster(key.Of.Node),
        _ => OfAgent(key.Of.Node),
    };
}
