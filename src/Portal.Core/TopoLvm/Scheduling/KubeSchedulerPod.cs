using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>A pod of kube-scheduler as the API shows it: where it is a static pod, its mirror.</summary>
/// <param name="Node">"?" where it has none yet.</param>
/// <param name="Configuration">The file of --config; null without that flag.</param>
/// <param name="Policy">The file of --policy-config-file; null without that flag.</param>
/// <param name="Since">When the pod was made: an answer from before came from another configuration.</param>
public sealed record KubeSchedulerPod(string Name, string Node, string? Configuration, string? Policy, DateTimeOffset? Since)
{
    public bool HasFile => Configuration is not null || Policy is not null;

    /// <summary>kube-scheduler's pods, by node.</summary>
    public static ImmutableArray<KubeSchedulerPod> FindAll(ClusterSnapshot cluster) =>
    [
        .. cluster.Pods.Items.Values.Where(pod => pod.Metadata.Namespace == "kube-system" && !pod.Metadata.IsBeingDeleted)
            .Select(Of).OfType<KubeSchedulerPod>().OrderBy(pod => pod.Node, StringComparer.Ordinal),
    ];

    private static KubeSchedulerPod? Of(Pod pod)
    {
        var container = pod.Spec.Containers.FirstOrDefault(container => container.Command.FirstOrDefault("").Split('/')[^1] == "kube-scheduler")
            ?? (pod.Metadata.Labels.GetValueOrDefault("component") == "kube-scheduler" ? pod.Spec.Containers.FirstOrDefault() : null);
        if (container is null) return null;
        var words = container.Command.AddRange(container.Args);
        return new(pod.Metadata.Name, pod.Spec.NodeName ?? "?", ValueOf(words, "--config"), ValueOf(words, "--policy-config-file"), pod.Metadata.CreationTimestamp);
    }

    private static string? ValueOf(ImmutableArray<string> words, string flag)
    {
        if (words.FirstOrDefault(word => word.StartsWith(flag + "=", StringComparison.Ordinal)) is { } joined) return joined[(flag.Length + 1)..];
        var place = words.IndexOf(flag);
        return place >= 0 && place + 1 < words.Length ? words[place + 1] : null;
    }
}
