namespace Portal.Core.Kubernetes.Kinds;

/// <summary>core/v1 Namespace.</summary>
public sealed record Namespace : IKubeObject
{
    public static readonly KubeKind<Namespace> Kind = new("", "v1", "namespaces", "Namespace", false, KubeJson.Of<Namespace>());

    public ObjectMeta Metadata { get; init; } = new();
}
