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

    /// <summary>Those with the label app.kubernetes.io/name=topolvm: lvmd's and topolvm-scheduler's configurations.</summary>
    public KindSnapshot<ConfigMap> ConfigMaps { get; init; } = KindSnapshot<ConfigMap>.Empty;

    public KindSnapshot<MutatingWebhookConfiguration> Webhooks { get; init; } = KindSnapshot<MutatingWebhookConfiguration>.Empty;
    public KindSnapshot<CsiNode> CsiNodes { get; init; } = KindSnapshot<CsiNode>.Empty;
    public KindSnapshot<ResourceQuota> ResourceQuotas { get; init; } = KindSnapshot<ResourceQuota>.Empty;
    public KindSnapshot<VolumeSnapshot> VolumeSnapshots { get; init; } = KindSnapshot<VolumeSnapshot>.Empty;
    public KindSnapshot<VolumeSnapshotClass> VolumeSnapshotClasses { get; init; } = KindSnapshot<VolumeSnapshotClass>.Empty;

    /// <summary>In the version the server prefers; not served before Kubernetes 1.21.</summary>
    public KindSnapshot<CsiStorageCapacity> StorageCapacities { get; init; } = KindSnapshot<CsiStorageCapacity>.Empty;

    /// <summary>What was said about claims.</summary>
    public KindSnapshot<Event> ClaimEvents { get; init; } = KindSnapshot<Event>.Empty;

    /// <summary>Warnings about pods.</summary>
    public KindSnapshot<Event> PodWarnings { get; init; } = KindSnapshot<Event>.Empty;

    /// <summary>What the API server did not let workloads create.</summary>
    public KindSnapshot<Event> Refusals { get; init; } = KindSnapshot<Event>.Empty;

    /// <summary>Every kind that the picture cannot do without has been listed once: before that, "nothing found" means nothing.</summary>
    public bool IsComplete => Freshness.Length > 0 && Freshness.Where(kind => kind.IsEssential).All(kind => kind.Freshness.AsOf is not null);

    /// <summary>The kind whose copy is the least current; null before the first snapshot.</summary>
    public KindFreshness? Oldest => Freshness.OrderBy(kind => kind.Freshness.IsLive).ThenBy(kind => kind.Freshness.AsOf).FirstOrDefault();
}

/// <param name="Kind">The resource as kubectl names it: "nodes", "logicalvolumes.topolvm.io".</param>
/// <param name="IsEssential">False for a kind that only adds to the picture: a person who may not read it still sees the rest.</param>
public sealed record KindFreshness(string Kind, Freshness Freshness, bool IsEssential = true);
