using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>Pods that must not share a node (required anti-affinity on the host name, the only topology that is looked at).</summary>
internal static class Neighbours
{
    /// <param name="placed">Pods by uid that are placed already, which the copy does not show yet.</param>
    public static bool Allow(KubeObject pod, KubeObject node, IEnumerable<KubeObject> pods, IReadOnlyDictionary<string, string> placed)
    {
        var terms = pod.Json["spec"].At("affinity", "podAntiAffinity")
            .Objects("requiredDuringSchedulingIgnoredDuringExecution").Where(term => term.Text("topologyKey") == "kubernetes.io/hostname").ToArray();
        if (terms.Length == 0) return true;
        return !pods.Where(other => other.Namespace == pod.Namespace && !PodRules.HasEnded(other) && NodeOf(other, placed) == node.Name)
            .Any(other => terms.Any(term => NodeFit.Selects(term["labelSelector"], other.Metadata)));
    }

    private static string NodeOf(KubeObject pod, IReadOnlyDictionary<string, string> placed) =>
        pod.Json.Text("spec", "nodeName") is { Length: > 0 } node ? node : placed.GetValueOrDefault(pod.Metadata.Uid, "");
}
