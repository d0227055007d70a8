using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Core.TopoLvm.Nodes;

/// <summary>What belongs to each node, looked up once for all of them.</summary>
internal sealed class NodeJoin
{
    private readonly Installation? _installation;
    private readonly NodeLabel _label;
    private readonly ImmutableArray<LvmdGroup> _groups;
    private readonly NodeCapacities _capacities;
    private readonly ILookup<string, Pod> _pods;
    private readonly ILookup<string?, Volume> _volumes;
    private readonly ILookup<string?, Volume> _chosen;
    private readonly Dictionary<string, int> _logicalVolumes;
    private readonly HashSet<string> _registered;
    private readonly NodeMetrics _metrics;

    public NodeJoin(ClusterSnapshot cluster, Installation? installation, NodeLabel label, NodeMetrics metrics,
        ImmutableArray<LvmdGroup> groups, ImmutableArray<Volume> volumes, ImmutableArray<LogicalVolume> logicalVolumes)
    {
        (_installation, _label, _groups, _metrics) = (installation, label, groups, metrics);
        _pods = cluster.Pods.Items.Values.Where(pod => pod.Spec.NodeName is not null && IsNodePart(pod)).ToLookup(pod => pod.Spec.NodeName!);
        _volumes = volumes.Where(volume => volume.Node is not null).ToLookup(volume => volume.Node);
        _chosen = volumes.Where(volume => volume.SelectedNode is not null).ToLookup(volume => volume.SelectedNode);
        _logicalVolumes = logicalVolumes.CountBy(volume => volume.Spec.NodeName).ToDictionary();
        _registered = installation is null ? []
            : [.. cluster.CsiNodes.Items.Values.Where(node => node.Spec.Drivers.Any(driver => driver.Name == installation.Names.Provisioner)).Select(node => node.Metadata.Name)];
        _capacities = new(cluster, installation, metrics, logicalVolumes);
    }

    public StorageNode Of(Node node)
    {
        var name = node.Metadata.Name;
        var labels = node.Metadata.Labels;
        var pods = _pods[name].OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).ToImmutableArray();
        var bare = new StorageNode(name, labels.ContainsKey("node-role.kubernetes.io/control-plane") || labels.ContainsKey("node-role.kubernetes.io/master"), node.IsReady,
            node.IsReady ? null : node.ReadyCondition?.LastTransitionTime ?? node.Metadata.CreationTimestamp, _label.IsOn(node.Metadata), [])
        {
            Node = node,
            Pods = pods,
            Lvmd = NodePart.Of(pods, "lvmd", node.IsReady),
            Plugin = NodePart.Of(pods, "topolvm-node", node.IsReady),
            Configuration = ConfigurationOf(node),
            IsDriverRegistered = _registered.Contains(name),
            LogicalVolumes = _logicalVolumes.GetValueOrDefault(name),
            MetricsProblem = _metrics.Problems.GetValueOrDefault(name),
            IsHeld = _installation is not null && node.Metadata.Finalizers.Contains(_installation.Names.NodeFinalizer),
        };
        bare = WithVolumes(bare, _volumes[name], _chosen[name], _installation);
        return bare with { Capacities = _capacities.Of(bare) };
    }

    /// <summary>The nodes with volumes that know their nodes, in place of those they were counted by.</summary>
    public static ImmutableArray<StorageNode> WithVolumes(ImmutableArray<StorageNode> nodes, ImmutableArray<Volume> hosted, Installation? installation)
    {
        var held = hosted.Where(volume => volume.Node is not null).ToLookup(volume => volume.Node);
        var chosen = hosted.Where(volume => volume.SelectedNode is not null).ToLookup(volume => volume.SelectedNode);
        return [.. nodes.Select(node => WithVolumes(node, held[node.Name], chosen[node.Name], installation))];
    }

    private static StorageNode WithVolumes(StorageNode node, IEnumerable<Volume> held, IEnumerable<Volume> chosen, Installation? installation) => node with
    {
        Volumes = [.. held],
        OnTheWay = [.. chosen.Where(volume => volume is { LogicalVolume: null, PersistentVolume: null })],
        GoWithNode = installation is { SkipsNodeFinalize: true } ? [] : [.. chosen.Where(volume => volume.StorageClass?.Provisioner == installation?.Names.Provisioner)],
    };

    private static bool IsNodePart(Pod pod) => pod.Spec.Containers.Any(container => container.Name is "lvmd" or "topolvm-node");

    private LvmdGroup? ConfigurationOf(Node node)
    {
        var enabled = _label.On(node);
        return _groups.FirstOrDefault(group => LvmdNode.IsSelected(group.DaemonSet.Spec.Template.Spec, enabled));
    }
}
