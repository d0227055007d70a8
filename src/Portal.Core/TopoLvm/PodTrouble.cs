using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

/// <summary>Why a pod does not become ready, in the words of its own status.</summary>
public static class PodTrouble
{
    // A pod passes through these on its way; they are no trouble.
    private static readonly string[] OnTheWay = ["ContainerCreating", "PodInitializing"];

    /// <summary>The first trouble among some pods, or null when they are all ready or merely starting.</summary>
    public static Message? First(IEnumerable<Pod> pods) =>
        pods.OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).Select(Of).FirstOrDefault(trouble => trouble is not null);

    public static Message? Of(Pod pod)
    {
        if (pod.IsReady) return null;
        foreach (var container in pod.Status.ContainerStatuses)
        {
            if (container.State.Waiting is { } waiting && !OnTheWay.Contains(waiting.Reason))
                return StorageTexts.PodWaiting(pod.Metadata.Name, pod.Spec.NodeName ?? "?", container.Name, waiting.Reason, waiting.Message ?? "");
            if (container.State.Terminated is { ExitCode: not 0 } ended)
                return StorageTexts.PodEnded(pod.Metadata.Name, pod.Spec.NodeName ?? "?", container.Name, ended.ExitCode, ended.Message ?? ended.Reason ?? "");
        }
        var unscheduled = pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" });
        return unscheduled is null ? null : StorageTexts.PodUnscheduled(pod.Metadata.Name, unscheduled.Message);
    }
}
