using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>A pod as a scheduler sees it: the claims that wait for a node, and where the pod itself may run.</summary>
public sealed record PlacementRequest
{
    public ImmutableArray<ClaimRequest> Claims { get; init; } = [];

    /// <summary>Labels that the node must have.</summary>
    public ImmutableSortedDictionary<string, string> NodeSelector { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Required node affinity; null for none.</summary>
    public NodeSelection? Affinity { get; init; }

    public ImmutableArray<Toleration> Tolerations { get; init; } = [];
}

/// <summary>A claim on a device class.</summary>
/// <param name="DeviceClass">As the webhook names it: <see cref="TopoLvmNames.DefaultClass"/> where the StorageClass names none.</param>
/// <param name="Bytes">What the claim requests; 0 for no request.</param>
public sealed record ClaimRequest(string DeviceClass, long Bytes);
