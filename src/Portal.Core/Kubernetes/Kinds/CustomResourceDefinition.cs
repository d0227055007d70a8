using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>apiextensions.k8s.io/v1 CustomResourceDefinition, without its schemas.</summary>
public sealed record CustomResourceDefinition : IKubeObject
{
    public static readonly KubeKind<CustomResourceDefinition> Kind = new(
        "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false, KubeJson.Of<CustomResourceDefinition>());

    public ObjectMeta Metadata { get; init; } = new();
    public CustomResourceDefinitionStatus Status { get; init; } = new();

    /// <summary>Its resource is served.</summary>
    [JsonIgnore]
    public bool IsEstablished => Status.Conditions.Any(condition => condition is { Type: "Established", Status: "True" });
}

public sealed record CustomResourceDefinitionStatus
{
    public ImmutableArray<Condition> Conditions { get; init; } = [];
}
