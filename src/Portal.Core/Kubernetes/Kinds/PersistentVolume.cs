using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>core/v1 PersistentVolume.</summary>
public sealed record PersistentVolume : IKubeObject
{
    public static readonly KubeKind<PersistentVolume> Kind =
        new("", "v1", "persistentvolumes", "PersistentVolume", false, KubeJson.Of<PersistentVolume>());

    public ObjectMeta Metadata { get; init; } = new();
    public PersistentVolumeSpec Spec { get; init; } = new();
    public PersistentVolumeStatus Status { get; init; } = new();
}

public sealed record PersistentVolumeSpec
{
    public ImmutableDictionary<string, string> Capacity { get; init; } = ImmutableDictionary<string, string>.Empty;
    public CsiVolumeSource? Csi { get; init; }
    public ObjectReference? ClaimRef { get; init; }
    public string? StorageClassName { get; init; }
    public string PersistentVolumeReclaimPolicy { get; init; } = "";
    public string? VolumeMode { get; init; }
    public VolumeNodeAffinity? NodeAffinity { get; init; }
}

public sealed record CsiVolumeSource(string Driver, string VolumeHandle, string? FsType = null);

/// <summary>The nodes from which the volume can be reached.</summary>
public sealed record VolumeNodeAffinity(NodeSelection? Required);

public sealed record ObjectReference(string? Kind, string? Namespace, string? Name, string? Uid);

public sealed record PersistentVolumeStatus
{
    public string Phase { get; init; } = "";
    public string Message { get; init; } = "";
}
