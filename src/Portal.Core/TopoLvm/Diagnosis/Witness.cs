using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>Takes down what objects of the cluster say.</summary>
internal static class Witness
{
    public static Evidence Of(Event one) => new($"{one.InvolvedObject.Kind} {one.About}", Message.Verbatim($"{one.Reason}: {one.Message}"), one.At);

    public static Evidence Of(string kind, ObjectName name, Message says, DateTimeOffset? at = null) => new($"{kind} {name}", says, at);

    public static Evidence Of(Node node) => node.ReadyCondition is { } ready
        ? new("Node " + node.Metadata.Name, Message.Verbatim($"Ready={ready.Status} {ready.Reason}: {ready.Message}"), ready.LastTransitionTime)
        : new("Node " + node.Metadata.Name, DiagnosisTexts.NodeNeverReported, node.Metadata.CreationTimestamp);

    /// <summary>A component that is not as it should be, in its own words.</summary>
    public static Evidence Of(Component component) =>
        new($"{component.WorkloadKind} {component.Workload}", component.Why ?? DiagnosisTexts.PodsReady(component.Ready, component.Desired));

    /// <summary>Why a pod is not ready; null when it does not say.</summary>
    public static Evidence? OfTrouble(Pod pod) => PodTrouble.Of(pod) is { } trouble ? new("Pod " + pod.Metadata.ObjectName, trouble) : null;

    /// <summary>What kube-scheduler says of a pod that it has not placed; null while it says nothing.</summary>
    public static Evidence? OfScheduler(Pod pod, Surroundings around)
    {
        if (pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" }) is { Message.Length: > 0 } condition)
            return new("Pod " + pod.Metadata.ObjectName, Message.Verbatim(condition.Message), condition.LastTransitionTime);
        return around.WarningsOf(pod).FirstOrDefault(one => one.Reason == "FailedScheduling") is { } said ? Of(said) : null;
    }
}
