using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>storage.k8s.io/v1 StorageClass.</summary>
public sealed record StorageClass : IKubeObject
{
    public static readonly KubeKind<StorageClass> Kind =
        new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false, KubeJson.Of<StorageClass>());

    public ObjectMeta Metadata { get; init; } = new();
    public string Provisioner { get; init; } = "";
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;
    public string? ReclaimPolicy { get; init; }
    public string? VolumeBindingMode { get; init; }
    public bool AllowVolumeExpansion { get; init; }
}
