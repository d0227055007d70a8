using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>storage.k8s.io CSIStorageCapacity: the room that one segment of nodes has for one storage class.</summary>
public sealed record CsiStorageCapacity : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();
    public string StorageClassName { get; init; } = "";

    /// <summary>A quantity; null means unknown, which the scheduler takes for no room.</summary>
    public string? Capacity { get; init; }

    public NodeTopology? NodeTopology { get; init; }

    /// <summary>The kind in version v1 (Kubernetes 1.24 and later) or v1beta1 (1.21 to 1.26).</summary>
    public static KubeKind<CsiStorageCapacity> KindIn(string version) =>
        new("storage.k8s.io", version, "csistoragecapacities", "CSIStorageCapacity", true, KubeJson.Of<CsiStorageCapacity>());
}

/// <summary>A label selector over nodes.</summary>
public sealed record NodeTopology
{
    public ImmutableDictionary<string, string> MatchLabels { get; init; } = ImmutableDictionary<string, string>.Empty;
}
