using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Lvmd;
using Portal.Core.TopoLvm.Nodes;

namespace Portal.Core.TopoLvm;

/// <summary>A node as a storage administrator sees it.</summary>
/// <param name="OfflineSince">Since when the node is not ready; null while it is ready.</param>
/// <param name="IsEnabled">It carries the label that lvmd and topolvm-node select.</param>
/// <param name="Capacities">What TopoLVM publishes for the node, by device class, the default class last.</param>
public sealed record StorageNode(
    string Name, bool IsControlPlane, bool IsReady, DateTimeOffset? OfflineSince, bool IsEnabled, ImmutableArray<Capacity> Capacities)
{
    /// <summary>The Node object itself.</summary>
    public Node Node { get; init; } = new();

    /// <summary>lvmd's and topolvm-node's pods on this node.</summary>
    public ImmutableArray<Pod> Pods { get; init; } = [];

    public NodePart Lvmd { get; init; } = NodePart.Absent;

    /// <summary>topolvm-node.</summary>
    public NodePart Plugin { get; init; } = NodePart.Absent;

    /// <summary>The lvmd configuration that the node takes, or would take if it were enabled; null when no DaemonSet is for it.</summary>
    public LvmdGroup? Configuration { get; init; }

    /// <summary>The kubelet knows TopoLVM's CSI driver: volumes can be mounted here.</summary>
    public bool IsDriverRegistered { get; init; }

    /// <summary>Why topolvm-node's metrics could not be read last, which alone tell sizes of volume groups; null when they were, or nobody has tried.</summary>
    public Message? MetricsProblem { get; init; }

    /// <summary>LogicalVolumes that live on this node.</summary>
    public int LogicalVolumes { get; init; }

    /// <summary>Volumes that live on this node.</summary>
    public ImmutableArray<Volume> Volumes { get; init; } = [];

    /// <summary>Claims for which this node has been chosen and that have no volume yet.</summary>
    public ImmutableArray<Volume> OnTheWay { get; init; } = [];

    /// <summary>Claims that TopoLVM deletes when this Node object is deleted: those for which the scheduler chose it.</summary>
    public ImmutableArray<Volume> GoWithNode { get; init; } = [];

    /// <summary>TopoLVM holds the Node object with its finalizer until it has done its part of the deletion.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Somebody has asked for the deletion of the Node object.</summary>
    public bool IsBeingDeleted => Node.Metadata.IsBeingDeleted;

    /// <summary>lvmd and topolvm-node answer.</summary>
    public bool IsServing => Lvmd.State == NodePartState.Ready && Plugin.State == NodePartState.Ready;

    /// <summary>The device classes; the entry that repeats the default one is left out.</summary>
    public IEnumerable<Capacity> Classes => Capacities.Where(capacity => !capacity.IsDefaultAlias);
}
