using System.Collections.Immutable;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>storage.k8s.io/v1 CSINode: the drivers that a node's kubelet has registered.</summary>
public sealed record CsiNode : IKubeObject
{
    public static readonly KubeKind<CsiNode> Kind = new("storage.k8s.io", "v1", "csinodes", "CSINode", false, KubeJson.Of<CsiNode>());

    public ObjectMeta Metadata { get; init; } = new();
    public CsiNodeSpec Spec { get; init; } = new();
}

public sealed record CsiNodeSpec
{
    public ImmutableArray<CsiNodeDriver> Drivers { get; init; } = [];
}

public sealed record CsiNodeDriver(string Name, string NodeID);
