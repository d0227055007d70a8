using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm;

/// <summary>A node as a storage administrator sees it.</summary>
/// <param name="OfflineSince">Since when the node is not ready; null while it is ready.</param>
/// <param name="IsEnabled">It carries the label that lvmd and topolvm-node select.</param>
/// <param name="Capacities">What TopoLVM publishes for the node, by device class, the default class last.</param>
public sealed record StorageNode(
    string Name, bool IsControlPlane, bool IsReady, DateTimeOffset? OfflineSince, bool IsEnabled, ImmutableArray<Capacity> Capacities)
{
    /// <summary>lvmd's and topolvm-node's pods on this node.</summary>
    public ImmutableArray<Pod> Pods { get; init; } = [];

    /// <summary>LogicalVolumes that live on this node.</summary>
    public int LogicalVolumes { get; init; }
}

/// <summary>What TopoLVM publishes to schedulers for one device class of a node.</summary>
/// <param name="AvailableBytes">Spare subtracted or not, as the installed version does it.</param>
public sealed record Capacity(string DeviceClass, long AvailableBytes)
{
    /// <summary>The entry that repeats the default class under its reserved name.</summary>
    public bool IsDefaultAlias => DeviceClass == TopoLvmNames.DefaultClass;
}
