using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.TopoLvm.Lvmd;
using Portal.Core.TopoLvm.Nodes;

namespace Portal.Core.TopoLvm;

// The picture a storage administrator has in mind, made from what the API server stores. It is one pure function, and the
// only place where nodes, claims, PersistentVolumes, LogicalVolumes and pods are joined; pages read it and join nothing.

/// <summary>The cluster's local storage, as of one snapshot.</summary>
public sealed record StorageState(Installation? Installation, ImmutableArray<StorageNode> Nodes, ImmutableArray<Volume> Volumes)
{
    public static readonly StorageState Empty = new(null, [], []);

    /// <summary>Every kind that it is joined from had been read: what it does not hold does not exist.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The volumes that a claim asks for.</summary>
    public ImmutableArray<Volume> ClaimedVolumes { get; init; } = [];

    /// <summary>What volumes have left behind.</summary>
    public ImmutableArray<Volume> LeftOverVolumes { get; init; } = [];

    /// <summary>Every lvmd configuration, with the nodes that take it.</summary>
    public ImmutableArray<LvmdGroup> LvmdGroups { get; init; } = [];

    /// <summary>The StorageClasses whose provisioner is TopoLVM, by name.</summary>
    public ImmutableArray<LocalStorageClass> StorageClasses { get; init; } = [];

    /// <summary>The configuration that a node takes; null for a node without lvmd.</summary>
    public LvmdGroup? LvmdGroupOf(string node) => LvmdGroups.FirstOrDefault(group => group.Node(node) is not null);

    /// <summary>The label by which nodes are enabled here.</summary>
    public NodeLabel NodeLabel { get; init; } = NodeLabel.Default;

    public StorageNode? FindNode(string name) => Nodes.FirstOrDefault(node => node.Name == name);

    public static StorageState From(ClusterSnapshot cluster) => From(cluster, NodeLabel.Default, NodeMetrics.Empty);

    public static StorageState From(ClusterSnapshot cluster, NodeLabel nodeLabel, NodeMetrics metrics)
    {
        var installation = Installation.Find(cluster);
        var logicalVolumes = cluster.LogicalVolumes.Items.Values.Concat(cluster.LegacyLogicalVolumes.Items.Values).ToImmutableArray();
        var volumes = VolumeJoin.Of(cluster, installation);
        var groups = LvmdGroup.FindAll(cluster, installation?.Names);
        var join = new NodeJoin(cluster, installation, nodeLabel, metrics, groups, volumes, logicalVolumes);
        ImmutableArray<StorageNode> nodes = [.. cluster.Nodes.Items.Values.Select(join.Of).OrderByDescending(node => node.IsControlPlane).ThenBy(node => node.Name, StringComparer.Ordinal)];
        var hosted = VolumeJoin.OnHosts(volumes, nodes);
        return new(installation, NodeJoin.WithVolumes(nodes, hosted, installation), hosted)
        {
            IsComplete = cluster.IsComplete,
            ClaimedVolumes = [.. hosted.Where(volume => volume.Claim is not null)],
            LeftOverVolumes = [.. hosted.Where(volume => volume.Orphan is not null)],
            LvmdGroups = groups,
            StorageClasses = LocalStorageClass.FindAll(cluster),
            NodeLabel = nodeLabel,
        };
    }
}
