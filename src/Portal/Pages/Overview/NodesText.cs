using Portal.Core.TopoLvm;

namespace Portal.Pages.Overview;

/// <summary>The columns of the node list, in order.</summary>
public enum NodeColumn
{
    Name,
    State,
    Storage,
    Capacity,
    Volumes,
}

/// <summary>How the node list reads, sorts and filters.</summary>
public static class NodesText
{
    public static string Count(IReadOnlyCollection<StorageNode> nodes) =>
        OverviewTexts.NodeCount(nodes.Count, nodes.Count(node => !node.IsReady), nodes.Count(node => node.IsEnabled));

    public static string TitleOf(NodeColumn column) => column switch
    {
        NodeColumn.Name => OverviewTexts.NodeName,
        NodeColumn.State => OverviewTexts.NodeState,
        NodeColumn.Storage => OverviewTexts.NodeStorage,
        NodeColumn.Capacity => OverviewTexts.NodeCapacity,
        _ => OverviewTexts.NodeVolumes,
    };

    /// <summary>The node's device classes; the entry that repeats the default one is left out.</summary>
    public static IEnumerable<Capacity> Classes(StorageNode node) => node.Capacities.Where(capacity => !capacity.IsDefaultAlias);

    public static bool Matches(StorageNode node, string? filter) =>
        string.IsNullOrWhiteSpace(filter) || node.Name.Contains(filter.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>What needs attention comes first: offline before ready, enabled before not enabled, least space before most, most volumes first.</summary>
    public static IEnumerable<StorageNode> Sorted(IEnumerable<StorageNode> nodes, NodeColumn column) => column switch
    {
        NodeColumn.Name => nodes,
        NodeColumn.State => nodes.OrderBy(node => node.IsReady).ThenBy(node => node.Name, StringComparer.Ordinal),
        NodeColumn.Storage => nodes.OrderByDescending(node => node.IsEnabled).ThenBy(node => node.Name, StringComparer.Ordinal),
        NodeColumn.Capacity => nodes.OrderBy(node => Classes(node).Any() ? Classes(node).Sum(capacity => capacity.AvailableBytes) : long.MaxValue)
            .ThenBy(node => node.Name, StringComparer.Ordinal),
        _ => nodes.OrderByDescending(node => node.LogicalVolumes).ThenBy(node => node.Name, StringComparer.Ordinal),
    };
}
