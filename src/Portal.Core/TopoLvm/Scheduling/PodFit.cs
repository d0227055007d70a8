using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>Whether a node takes a pod for reasons that have nothing to do with storage: kube-scheduler looks at these first.</summary>
internal static class PodFit
{
    private const string UnschedulableTaint = "node.kubernetes.io/unschedulable";

    /// <summary>Null when the node takes the pod.</summary>
    public static Message? WhyNot(PlacementRequest pod, Node node)
    {
        var name = node.Metadata.Name;
        foreach (var (key, value) in pod.NodeSelector)
        {
            if (node.Metadata.Labels.GetValueOrDefault(key) != value) return SchedulingTexts.LabelMissing(name, key, value);
        }
        if (pod.Affinity is { } affinity && !affinity.Matches(node.Metadata)) return SchedulingTexts.AffinityUnmet(name);
        if (node.Spec.Taints.FirstOrDefault(taint => taint.Effect is "NoSchedule" or "NoExecute" && !IsTolerated(pod, taint)) is { } taint)
        {
            return taint.Key is "node.kubernetes.io/unreachable" or "node.kubernetes.io/not-ready" ? SchedulingTexts.NodeNotReady(name, taint.Key)
                : taint.Key == UnschedulableTaint ? SchedulingTexts.NodeCordoned(name) : SchedulingTexts.NodeTainted(name, Text(taint));
        }
        return node.Spec.Unschedulable && !IsTolerated(pod, new Taint(UnschedulableTaint, null, "NoSchedule")) ? SchedulingTexts.NodeCordoned(name) : null;
    }

    private static bool IsTolerated(PlacementRequest pod, Taint taint) => pod.Tolerations.Any(toleration => toleration.Tolerates(taint));

    private static string Text(Taint taint) => string.IsNullOrEmpty(taint.Value) ? $"{taint.Key}:{taint.Effect}" : $"{taint.Key}={taint.Value}:{taint.Effect}";
}
