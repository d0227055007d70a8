using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>core/v1 ConfigMap.</summary>
public sealed record ConfigMap : IKubeObject
{
    public static readonly KubeKind<ConfigMap> Kind = new("", "v1", "configmaps", "ConfigMap", true, KubeJson.Of<ConfigMap>());

    public ObjectMeta Metadata { get; init; } = new();
    public ImmutableDictionary<string, string> Data { get; init; } = ImmutableDictionary<string, string>.Empty;
}
