namespace Portal.Core.Kubernetes.Kinds;

/// <summary>storage.k8s.io/v1 CSIDriver.</summary>
public sealed record CsiDriver : IKubeObject
{
    public static readonly KubeKind<CsiDriver> Kind =
        new("storage.k8s.io", "v1", "csidrivers", "CSIDriver", false, KubeJson.Of<CsiDriver>());

    public ObjectMeta Metadata { get; init; } = new();
    public CsiDriverSpec Spec { get; init; } = new();
}

public sealed record CsiDriverSpec
{
    public bool StorageCapacity { get; init; }
}
