using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>A node that takes an lvmd configuration, and how lvmd is there.</summary>
public sealed record LvmdNode(string Name, bool IsReady)
{
    /// <summary>The pod that runs lvmd; null while there is none.</summary>
    public Pod? Lvmd { get; init; }

    /// <summary>topolvm-node's pod, which is <see cref="Lvmd"/> where lvmd is embedded.</summary>
    public Pod? Plugin { get; init; }

    /// <summary>lvmd answers: its pod and topolvm-node's are ready.</summary>
    public bool IsServing => IsReady && Lvmd is { IsReady: true } && Plugin is { IsReady: true };

    /// <summary>The classes of the file with what the node publishes for each, in the order of the file.</summary>
    public ImmutableArray<NodeDeviceClass> DeviceClasses { get; init; } = [];

    internal static ImmutableArray<LvmdNode> Of(LvmdGroup group, ClusterSnapshot cluster, TopoLvmNames? names)
    {
        var template = group.DaemonSet.Spec.Template.Spec;
        var pods = cluster.Pods.Items.Values.Where(pod => pod.Spec.NodeName is not null && !pod.Metadata.IsBeingDeleted).ToLookup(pod => pod.Spec.NodeName!);
        return
        [
            .. cluster.Nodes.Items.Values.Where(node => IsSelected(template, node)).OrderBy(node => node.Metadata.Name, StringComparer.Ordinal)
                .Select(node => Of(node, group, [.. pods[node.Metadata.Name]], names)),
        ];
    }

    /// <summary>Whether pods of a DaemonSet with this template run on a node: selector, affinity and taints, as the DaemonSet controller sees them.</summary>
    public static bool IsSelected(PodSpec template, Node node) =>
        template.NodeSelector.All(label => node.Metadata.Labels.GetValueOrDefault(label.Key) == label.Value)
        && template.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.Matches(node.Metadata) != false
        // Pods of DaemonSets tolerate the taints that the cluster itself sets.
        && node.Spec.Taints.Where(taint => taint.Effect != "PreferNoSchedule" && !taint.Key.StartsWith("node.kubernetes.io/", StringComparison.Ordinal))
            .All(taint => template.Tolerations.Any(toleration => toleration.Tolerates(taint)));

    private static LvmdNode Of(Node node, LvmdGroup group, Pod[] pods, TopoLvmNames? names) => new(node.Metadata.Name, node.IsReady)
    {
        Lvmd = pods.FirstOrDefault(pod => pod.Metadata.OwnerReferences.Any(owner => owner.Uid == group.DaemonSet.Metadata.Uid)),
        Plugin = pods.FirstOrDefault(pod => pod.Spec.Containers.Any(container => container.Name == "topolvm-node")),
        DeviceClasses = [.. group.Config.DeviceClasses.Select(one => new NodeDeviceClass(one, names is null ? null : AvailableOn(node, names.CapacityAnnotationPrefix + one.Name)))],
    };

    private static long? AvailableOn(Node node, string annotation) =>
        long.TryParse(node.Metadata.Annotations.GetValueOrDefault(annotation), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
}

/// <summary>A device class of the file on one node.</summary>
/// <param name="AvailableBytes">What TopoLVM publishes, spare subtracted or not, as the version does it; null when it publishes nothing.</param>
public sealed record NodeDeviceClass(DeviceClassConfig Config, long? AvailableBytes);
