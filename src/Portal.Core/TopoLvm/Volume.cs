using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

/// <summary>A claim on TopoLVM storage with everything that belongs to it; each part may be missing while it comes or goes.</summary>
public sealed record Volume(PersistentVolumeClaim? Claim, PersistentVolume? PersistentVolume, LogicalVolume? LogicalVolume, StorageClass? StorageClass)
{
    private const string SnapshotPrefix = "snapshot-";

    /// <summary>Pods that mount the claim.</summary>
    public ImmutableArray<Pod> Pods { get; init; } = [];

    /// <summary>What was said about the claim, newest first.</summary>
    public ImmutableArray<Event> Events { get; init; } = [];

    /// <summary>Warnings about its Pods, of each the newest first.</summary>
    public ImmutableArray<Event> PodWarnings { get; init; } = [];

    /// <summary>Snapshots made of the claim, newest first.</summary>
    public ImmutableArray<VolumeSnapshot> Snapshots { get; init; } = [];

    /// <summary>Quotas of the claim's namespace.</summary>
    public ImmutableArray<ResourceQuota> Quotas { get; init; } = [];

    /// <summary>The node that holds the data; null until TopoLVM has placed it, and when the cluster has no such node any more.</summary>
    public StorageNode? Host { get; init; }

    /// <summary>TopoLVM's controller that serves it; null where none runs.</summary>
    public Component? Controller { get; init; }

    /// <summary>The group of its driver.</summary>
    public TopoLvmNames Names { get; init; } = TopoLvmNames.Current;

    /// <summary>How the installed TopoLVM counts.</summary>
    public TopoLvmRelease Release { get; init; } = TopoLvmRelease.Of(null);

    /// <summary>The claim, or what is left of it: the PersistentVolume's or the LogicalVolume's name.</summary>
    public ObjectName Name =>
        Claim?.Metadata.ObjectName ?? PersistentVolume?.Metadata.ObjectName ?? LogicalVolume?.Metadata.ObjectName ?? default;

    /// <summary>What operations on it call it.</summary>
    public string Subject => "volumes/" + Name;

    /// <summary>The name of the node that holds the data; null until TopoLVM has placed it.</summary>
    public string? Node => LogicalVolume?.Spec.NodeName;

    /// <summary>The node that the scheduler chose for the claim; null before it has, and for a class that does not wait for a pod.</summary>
    public string? SelectedNode => Claim?.Metadata.Annotations.GetValueOrDefault("volume.kubernetes.io/selected-node") is { Length: > 0 } node ? node : null;

    /// <summary>As the StorageClass or the LogicalVolume names it; "" is the default class.</summary>
    public string DeviceClass => LogicalVolume?.Spec.DeviceClass ?? StorageClass?.Parameters.GetValueOrDefault(Names.DeviceClassParameter) ?? "";

    /// <summary>What its node has in its device class; null when that is not published.</summary>
    public Capacity? Capacity
    {
        get
        {
            var published = DeviceClass.Length == 0 ? TopoLvmNames.DefaultClass : DeviceClass;
            return Host?.Capacities.FirstOrDefault(capacity => capacity.DeviceClass == published);
        }
    }

    public bool IsBlock => (Claim?.Spec.VolumeMode ?? PersistentVolume?.Spec.VolumeMode) == "Block";

    /// <summary>"ext4", "xfs"; null for a raw block volume.</summary>
    public string? FileSystem => IsBlock ? null
        : PersistentVolume?.Spec.Csi?.FsType ?? StorageClass?.Parameters.GetValueOrDefault("csi.storage.k8s.io/fstype") ?? "ext4";

    /// <summary>"Delete" or "Retain": what becomes of the data when the claim is deleted.</summary>
    public string ReclaimPolicy => PersistentVolume?.Spec.PersistentVolumeReclaimPolicy is { Length: > 0 } policy ? policy : StorageClass?.ReclaimPolicy ?? "Delete";

    /// <summary>What the claim asks for, as it is written there.</summary>
    public string? RequestText => Claim?.Spec.Resources.Requests.GetValueOrDefault("storage");

    public long? RequestedBytes => BytesOf(RequestText);

    /// <summary>What the PersistentVolume is said to hold.</summary>
    public long? ProvisionedBytes => BytesOf(PersistentVolume?.Spec.Capacity.GetValueOrDefault("storage"));

    public long? LogicalVolumeBytes => BytesOf(LogicalVolume?.Status.CurrentSize is { Length: > 0 } current ? current
        : LogicalVolume?.Status.VolumeID.Length > 0 ? LogicalVolume.Spec.Size : null);

    /// <summary>The size that the claim's user sees: file system or device have it.</summary>
    public long? UsableBytes => BytesOf(Claim?.Status.Capacity.GetValueOrDefault("storage"));

    public bool IsBound => Claim?.Status.Phase == "Bound";

    /// <summary>Pods that hold the volume: those that have ended do not.</summary>
    public IEnumerable<Pod> Users => Pods.Where(pod => pod.Status.Phase is not ("Succeeded" or "Failed"));

    public VolumeState State => VolumeState.Of(this);

    /// <summary>How far an expansion has come; null when none is under way.</summary>
    public ResizeProgress? Resize => ResizeProgress.Of(this, null);

    /// <summary>How much room it has to grow where it lies; null when that is not published.</summary>
    public Headroom? Headroom => Headroom.Of(this);

    /// <summary>What is left over of a volume whose claim is gone; null for one that belongs to somebody.</summary>
    public OrphanKind? Orphan => this switch
    {
        { Claim: not null } => null,
        { PersistentVolume: null, LogicalVolume: { } alone } => IsSnapshot(alone) ? OrphanKind.Snapshot : OrphanKind.LogicalVolume,
        { PersistentVolume.Spec.ClaimRef: not null, LogicalVolume: null } => OrphanKind.PersistentVolume,
        { PersistentVolume: { Status.Phase: "Released", Spec.PersistentVolumeReclaimPolicy: "Retain" } } => OrphanKind.Retained,
        _ => null,
    };

    /// <summary>Null, or why the volume cannot grow at all now.</summary>
    public Message? WhyNotResize() => this switch
    {
        { Claim: null } => VolumeTexts.NoResizeWithoutClaim(Name),
        { Claim.Metadata.IsBeingDeleted: true } => VolumeTexts.NoResizeBeingDeleted(Name),
        { IsBound: false } => VolumeTexts.NoResizeUnbound(Name),
        { PersistentVolume: null } or { LogicalVolume: null } => VolumeTexts.NoResizeWithoutVolume(Name),
        { StorageClass: null } => VolumeTexts.NoResizeWithoutClass(Claim.Spec.StorageClassName ?? "", Name),
        { StorageClass.AllowVolumeExpansion: false } => VolumeTexts.NoResizeByClass(StorageClass.Metadata.Name),
        _ => null,
    };

    /// <summary>Null, or why the volume cannot grow to that size, with the numbers.</summary>
    public Message? WhyNotResize(Quantity size)
    {
        if (WhyNotResize() is { } never) return never;
        var asked = Quantity.TryParse(RequestText, out var request) ? request : Quantity.Zero;
        if (size < asked) return VolumeTexts.NoResizeShrink(Name, RequestText ?? "0", size);
        if (size == asked) return VolumeTexts.NoResizeSame(Name, size);
        if (Headroom is { } room && room.WhyNot(this, size.Value) is { } full) return full;
        return StorageQuota.WhyNot(Quotas, Claim?.Spec.StorageClassName ?? "", size - asked, isNew: false);
    }

    /// <summary>Null, or why no snapshot can be made of it.</summary>
    public Message? WhyNotSnapshot(ClusterSnapshot cluster) => WhyNotClone() ?? this switch
    {
        _ when !cluster.VolumeSnapshots.IsServed => VolumeTexts.NoSnapshotKind,
        _ when !SnapshotClasses(cluster).Any() => VolumeTexts.NoSnapshotClass(Names.Provisioner),
        _ => null,
    };

    /// <summary>Null, or why no clone can be made of it.</summary>
    public Message? WhyNotClone() => this switch
    {
        { Release.HasSnapshots: false } => VolumeTexts.NoSnapshotRelease,
        { Capacity.IsThin: false } => VolumeTexts.NoSnapshotThick(Name),
        { IsBound: false } => VolumeTexts.NoSnapshotUnbound(Name),
        _ => null,
    };

    /// <summary>The classes that snapshots of it can have.</summary>
    public IEnumerable<VolumeSnapshotClass> SnapshotClasses(ClusterSnapshot cluster) =>
        cluster.VolumeSnapshotClasses.Items.Values.Where(one => one.Driver == Names.Provisioner).OrderBy(one => one.Metadata.Name, StringComparer.Ordinal);

    /// <summary>Whether a LogicalVolume was made for a VolumeSnapshot and not for a claim.</summary>
    internal static bool IsSnapshot(LogicalVolume volume) => volume.Spec.Name.StartsWith(SnapshotPrefix, StringComparison.Ordinal);

    /// <summary>The uid of the VolumeSnapshot that a LogicalVolume was made for.</summary>
    internal static string SnapshotUid(LogicalVolume volume) => volume.Spec.Name[SnapshotPrefix.Length..];

    internal static long? BytesOf(string? quantity) => quantity is null ? null : QuantityBytes.Of(quantity);
}
