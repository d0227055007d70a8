using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;

namespace Portal.Simulator.Life.Scheduling;

// kube-scheduler's two halves, without the cluster: which nodes will do, and which of them is the best. An extender's 0 to 10
// goes on the scale of 100 that kube-scheduler's own plugins use, times its weight; of those plugins only one is played here.

/// <summary>What kube-scheduler knows when it chooses.</summary>
/// <param name="AsksExtender">Its configuration names TopoLVM's extender.</param>
/// <param name="Weight">The extender's weight there.</param>
/// <param name="Extender">The topolvm-scheduler that answers; null when none does.</param>
internal sealed record SchedulerView(bool AsksExtender, int Weight, RunningExtender? Extender)
{
    public IReadOnlyCollection<KubeObject> Pods { get; init; } = [];

    /// <summary>Pods by uid that are placed already, which the copy does not show yet.</summary>
    public IReadOnlyDictionary<string, string> Placed { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>What kube-scheduler thinks of one node for one pod.</summary>
/// <param name="Reasons">Why it will not do; none when it will.</param>
internal sealed record NodeVerdict(KubeObject Node, ImmutableArray<string> Reasons, long Points)
{
    public bool WillDo => Reasons.IsEmpty;
}

internal static class NodeChoice
{
    // kubelets take that many pods unless told otherwise.
    private const int PodsPerNode = 110;

    /// <summary>Every node with its verdict; those that will do come first, the best first.</summary>
    public static ImmutableArray<NodeVerdict> Judge(KubeObject pod, IEnumerable<KubeObject> nodes, VolumeFit fit, SchedulerView view)
    {
        var running = view.Pods.Select(other => other.Json.Text("spec", "nodeName")).Concat(view.Placed.Values).CountBy(node => node).ToDictionary();
        return
        [
            .. nodes.Select(node => new NodeVerdict(node, WhyNot(pod, node, fit, view), Points(pod, node, view, running.GetValueOrDefault(node.Name))))
                .OrderByDescending(verdict => verdict.WillDo).ThenByDescending(verdict => verdict.Points).ThenBy(verdict => verdict.Node.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The resource by which TopoLVM's webhook marks pods for the extender; null when this pod is not marked.</summary>
    public static TopoLvmNames? MarkOf(KubeObject pod)
    {
        var requested = pod.Json.Objects("spec", "containers").SelectMany(container => container.Entries("resources", "requests")).Select(entry => entry.Key).ToHashSet();
        return TopoLvmNames.All.FirstOrDefault(names => requested.Contains(names.CapacityResource));
    }

    private static ImmutableArray<string> WhyNot(KubeObject pod, KubeObject node, VolumeFit fit, SchedulerView view)
    {
        if (NodeFit.WhyNot(pod.Json["spec"], node) is { } own) return [own];
        if (fit.WhyNot(node) is { } volumes) return [volumes];
        if (!Neighbours.Allow(pod, node, view.Pods, view.Placed)) return ["node(s) didn't match pod affinity/anti-affinity", "node(s) didn't match pod anti-affinity rules"];
        if (MarkOf(pod) is not { } names) return [];
        if (!view.AsksExtender) return ["Insufficient " + names.CapacityResource];
        return TopoLvmExtender.WhyNot(names, pod, node) is { } space ? [space] : [];
    }

    private static long Points(KubeObject pod, KubeObject node, SchedulerView view, int pods)
    {
        var extender = view is { AsksExtender: true, Extender: { } answering } && MarkOf(pod) is not null ? TopoLvmExtender.Score(answering, pod, node) : 0;
        return extender * 10L * view.Weight + 100 - 100 * Math.Min(pods, PodsPerNode) / PodsPerNode;
    }
}
