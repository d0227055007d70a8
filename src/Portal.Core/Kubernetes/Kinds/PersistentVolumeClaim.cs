using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>core/v1 PersistentVolumeClaim.</summary>
public sealed record PersistentVolumeClaim : IKubeObject
{
    public static readonly KubeKind<PersistentVolumeClaim> Kind =
        new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, KubeJson.Of<PersistentVolumeClaim>());

    public ObjectMeta Metadata { get; init; } = new();
    public ClaimSpec Spec { get; init; } = new();
    public ClaimStatus Status { get; init; } = new();
}

public sealed record ClaimSpec
{
    public string? StorageClassName { get; init; }
    public string? VolumeName { get; init; }
    public string? VolumeMode { get; init; }
    public ImmutableArray<string> AccessModes { get; init; } = [];

    /// <summary>The VolumeSnapshot or claim whose content it begins with.</summary>
    public ObjectReference? DataSource { get; init; }

    public ClaimResources Resources { get; init; } = new();
}

public sealed record ClaimResources
{
    public ImmutableDictionary<string, string> Requests { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableDictionary<string, string> Limits { get; init; } = ImmutableDictionary<string, string>.Empty;
}

public sealed record ClaimStatus
{
    public string Phase { get; init; } = "";
    public ImmutableDictionary<string, string> Capacity { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableArray<Condition> Conditions { get; init; } = [];
}
