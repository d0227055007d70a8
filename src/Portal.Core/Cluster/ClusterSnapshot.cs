using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.Cluster;

/// <summary>Everything the portal watches in one cluster, as of one moment; each kind says how fresh it is.</summary>
public sealed record ClusterSnapshot
{
    public static readonly ClusterSnapshot Empty = new();

    /// <summary>What the server serves; renewed when a CRD appears or goes.</summary>
    public ApiResources Api { get; init; } = ApiResources.None;

    public KindSnapshot<Node> Nodes { get; init; } = KindSnapshot<Node>.Empty;
    public KindSnapshot<Namespace> Namespaces { get; init; } = KindSnapshot<Namespace>.Empty;
    public KindSnapshot<Pod> Pods { get; init; } = KindSnapshot<Pod>.Empty;
    public KindSnapshot<Deployment> Deployments { get; init; } = KindSnapshot<Deployment>.Empty;
    public KindSnapshot<DaemonSet> DaemonSets { get; init; } = KindSnapshot<DaemonSet>.Empty;
    public KindSnapshot<PersistentVolumeClaim> Claims { get; init; } = KindSnapshot<PersistentVolumeClaim>.Empty;
    public KindSnapshot<PersistentVolume> PersistentVolumes { get; init; } = KindSnapshot<PersistentVolume>.Empty;
    public KindSnapshot<StorageClass> StorageClasses { get; init; } = KindSnapshot<StorageClass>.Empty;
    public KindSnapshot<CsiDriver> CsiDrivers { get; init; } = KindSnapshot<CsiDriver>.Empty;

    /// <summary>Group topolvm.cybozu.com.</summary>
    public KindSnapshot<LogicalVolume> LegacyLogicalVolumes { get; init; } = KindSnapshot<LogicalVolume>.Empty;

    /// <summary>Group topolvm.io.</summary>
    public KindSnapshot<LogicalVolume> LogicalVolumes { get; init; } = KindSnapshot<LogicalVolume>.Empty;

    /// <summary>Each kind with its freshness, by the resource's name.</summary>
    public IEnumerable<(string Kind, Freshness Freshness)> Freshness =>
    [
        ("nodes", Nodes.Freshness), ("namespaces", Namespaces.Freshness), ("pods", Pods.Freshness), ("deployments", Deployments.Freshness),
        ("daemonsets", DaemonSets.Freshness), ("persistentvolumeclaims", Claims.Freshness),
        ("persistentvolumes", PersistentVolumes.Freshness), ("storageclasses", StorageClasses.Freshness), ("csidrivers", CsiDrivers.Freshness),
        ("logicalvolumes.topolvm.cybozu.com", LegacyLogicalVolumes.Freshness), ("logicalvolumes.topolvm.io", LogicalVolumes.Freshness),
    ];
}
