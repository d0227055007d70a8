using Microsoft.AspNetCore.Components;
using Portal.Components.Lists;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Nodes;

namespace Portal.Pages.Nodes;

/// <summary>The columns of the node list, and what it can be narrowed to.</summary>
internal static class NodeColumns
{
    public static IReadOnlyList<ListColumn<StorageNode>> All(
        RenderFragment<StorageNode> name, RenderFragment<StorageNode> state, RenderFragment<StorageNode> storage,
        RenderFragment<StorageNode> lvmd, RenderFragment<StorageNode> plugin, RenderFragment<StorageNode> classes,
        RenderFragment<StorageNode> agent, Live<AgentsSnapshot> agents) =>
    [
        new("name", NodesTexts.Name, node => node.Name) { Cell = name },
        new("state", NodesTexts.State, NodeWords.State) { Cell = state, SortBy = node => node.IsReady },
        new("storage", NodesTexts.Storage, NodeWords.Storage) { Cell = storage, SortBy = node => !node.IsEnabled },
        new("lvmd", "lvmd", node => NodeWords.PartOf(node.Lvmd, node.IsEnabled)) { Cell = lvmd, SortBy = node => Order(node.Lvmd) },
        new("topolvm-node", "topolvm-node", node => NodeWords.PartOf(node.Plugin, node.IsEnabled)) { Cell = plugin, SortBy = node => Order(node.Plugin) },
        new("classes", NodesTexts.DeviceClasses, NodeWords.Classes) { Cell = classes, SortBy = node => node.Capacities.IsEmpty ? null : node.Classes.Sum(one => one.AvailableBytes) },
        new("volumes", NodesTexts.Volumes, node => Number(node.LogicalVolumes)) { IsNumber = true, GreatestFirst = true, SortBy = node => node.LogicalVolumes },
        new("agent", NodesTexts.Agent, node => NodeWords.Agent(agents.Current.Find(node.Name))) { Cell = agent },
        new("kubelet", NodesTexts.Kubelet, node => node.Node.Status.NodeInfo?.KubeletVersion ?? "") { IsExtra = true },
        new("kernel", NodesTexts.Kernel, node => node.Node.Status.NodeInfo?.KernelVersion ?? "") { IsExtra = true },
        new("architecture", NodesTexts.Architecture, node => node.Node.Status.NodeInfo?.Architecture ?? "") { IsExtra = true },
        new("os", NodesTexts.System, node => node.Node.Status.NodeInfo?.OsImage ?? "") { IsExtra = true },
    ];

    public static IReadOnlyList<ListFilter<StorageNode>> Filters() =>
    [
        new("state", NodesTexts.State, [("ready", NodesTexts.Ready), ("offline", NodesTexts.Offline), ("problem", NodesTexts.WithProblem)],
            (node, value) => value switch { "ready" => node.IsReady, "offline" => !node.IsReady, _ => NodeWords.HasProblem(node) }),
        new("storage", NodesTexts.Storage, [("enabled", NodesTexts.Enabled), ("not", NodesTexts.NotEnabled)],
            (node, value) => node.IsEnabled == (value == "enabled")),
    ];

    // What needs attention comes first.
    private static int Order(NodePart part) => part.State switch
    {
        NodePartState.Failing => 0,
        NodePartState.Starting => 1,
        NodePartState.Unreachable => 2,
        NodePartState.Ready => 3,
        _ => 4,
    };

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
