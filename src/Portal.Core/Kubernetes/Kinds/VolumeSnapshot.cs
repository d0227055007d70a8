using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>snapshot.storage.k8s.io/v1 VolumeSnapshot.</summary>
public sealed record VolumeSnapshot : IKubeObject
{
    public const string Group = "snapshot.storage.k8s.io";

    public static readonly KubeKind<VolumeSnapshot> Kind = new(Group, "v1", "volumesnapshots", "VolumeSnapshot", true, KubeJson.Of<VolumeSnapshot>());

    public ObjectMeta Metadata { get; init; } = new();
    public VolumeSnapshotSpec Spec { get; init; } = new();
    public VolumeSnapshotStatus Status { get; init; } = new();
}

public sealed record VolumeSnapshotSpec
{
    public string? VolumeSnapshotClassName { get; init; }
    public VolumeSnapshotSource Source { get; init; } = new(null, null);
}

public sealed record VolumeSnapshotSource(string? PersistentVolumeClaimName, string? VolumeSnapshotContentName);

public sealed record VolumeSnapshotStatus
{
    public string? BoundVolumeSnapshotContentName { get; init; }
    public DateTimeOffset? CreationTime { get; init; }
    public bool ReadyToUse { get; init; }

    /// <summary>A quantity: the least a volume restored from it must ask for.</summary>
    public string? RestoreSize { get; init; }

    public VolumeSnapshotError? Error { get; init; }
}

public sealed record VolumeSnapshotError(string? Message, DateTimeOffset? Time);

/// <summary>snapshot.storage.k8s.io/v1 VolumeSnapshotClass.</summary>
public sealed record VolumeSnapshotClass : IKubeObject
{
    public static readonly KubeKind<VolumeSnapshotClass> Kind =
        new(VolumeSnapshot.Group, "v1", "volumesnapshotclasses", "VolumeSnapshotClass", false, KubeJson.Of<VolumeSnapshotClass>());

    public ObjectMeta Metadata { get; init; } = new();
    public string Driver { get; init; } = "";
    public string DeletionPolicy { get; init; } = "";
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;
}
