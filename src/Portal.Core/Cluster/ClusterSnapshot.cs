using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.Cluster;

/// <summary>Everything the portal watches in one cluster, as of one moment; each kind says how fresh it is.</summary>
public sealed record ClusterSnapshot
{
    public static readonly ClusterSnapshot Empty = new();

    /// <summary>What the server serves; renewed when a CRD is established or goes.</summary>
    public ApiResources Api { get; init; } = ApiResources.None;

    /// <summary>Each kind with its freshness, in the order they are watched.</summary>
    public ImmutableArray<KindFreshness> Freshness { get; init; } = [];

    public KindSnapshot<Node> Nodes { get; init; } = KindSnapshot<Node>.Empty;
    public KindSnapshot<Namespace> Namespaces { get; init; } = KindSnapshot<Namespace>.Empty;
    public KindSnapshot<Pod> Pods { get; init; } = KindSnapshot<Pod>.Empty;
    public KindSnapshot<Deployment> Deployments { get; init; } = KindSnapshot<Deployment>.Empty;
    public KindSnapshot<DaemonSet> DaemonSets { get; init; } = KindSnapshot<DaemonSet>.Empty;
    public KindSnapshot<PersistentVolumeClaim> Claims { get; init; } = KindSnapshot<PersistentVolumeClaim>.Empty;
    public KindSnapshot<PersistentVolume> PersistentVolumes { get; init; } = KindSnapshot<PersistentVolume>.Empty;
    public KindSnapshot<StorageClass> StorageClasses { get; init; } = KindSnapshot<StorageClass>.Empty;
    public KindSnapshot<CsiDriver> CsiDrivers { get; init; } = KindSnapshot<CsiDriver>.Empty;
    public KindSnapshot<CustomResourceDefinition> CustomResourceDefinitions { get; init; } = KindSnapshot<CustomResourceDefinition>.Empty;

    /// <summary>Group topolvm.cybozu.com.</summary>
    public KindSnapshot<LogicalVolume> LegacyLogicalVolumes { get; init; } = KindSnapshot<LogicalVolume>.Empty;

    /// <summary>Group topolvm.io.</summary>
    public KindSnapshot<LogicalVolume> LogicalVolumes { get; init; } = KindSnapshot<LogicalVolume>.Empty;

    /// <summary>Every kind has been listed once: before that, "nothing found" means nothing.</summary>
    public bool IsComplete => Freshness.Length > 0 && Freshness.All(kind => kind.Freshness.AsOf is not null);

    /// <summary>The kind whose copy is the least current; null before the first snapshot.</summary>
    public KindFreshness? Oldest => Freshness.OrderBy(kind => kind.Freshness.IsLive).ThenBy(kind => kind.Freshness.AsOf).FirstOrDefault();
}

/// <param name="Kind">The resource as kubectl names it: "nodes", "logicalvolumes.topolvm.io".</param>
public sealed record KindFreshness(string Kind, Freshness Freshness);
