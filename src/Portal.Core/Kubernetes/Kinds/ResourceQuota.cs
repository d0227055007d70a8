using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>core/v1 ResourceQuota: what a namespace may ask for, and how much of it is taken.</summary>
public sealed record ResourceQuota : IKubeObject
{
    public static readonly KubeKind<ResourceQuota> Kind = new("", "v1", "resourcequotas", "ResourceQuota", true, KubeJson.Of<ResourceQuota>());

    public ObjectMeta Metadata { get; init; } = new();
    public ResourceQuotaStatus Status { get; init; } = new();
}

public sealed record ResourceQuotaStatus
{
    /// <summary>Quantities by resource: "requests.storage", "fast.storageclass.storage.k8s.io/requests.storage", "persistentvolumeclaims".</summary>
    public ImmutableDictionary<string, string> Hard { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableDictionary<string, string> Used { get; init; } = ImmutableDictionary<string, string>.Empty;
}
