using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>The pods of TopoLVM on the nodes of a case, and what they say when they fail.</summary>
internal static class NodeParts
{
    /// <summary>Pods whose lvmd fails, on nodes that are online; those that are merely starting do not.</summary>
    public static IEnumerable<(string Node, Pod Pod)> FailingLvmd(Case one) =>
        from name in one.Nodes
        where one.Around.Node(name) is { IsReady: true }
        let found = one.Around.Lvmd(name)
        let pod = found?.Node.Lvmd
        where pod is { IsReady: false } && Fails(pod, LvmdContainerOf(pod))
        select (name, pod);

    /// <summary>The container that runs lvmd: topolvm-node's where it is embedded.</summary>
    public static string LvmdContainerOf(Pod pod) => pod.Spec.Containers.Any(container => container.Name == "lvmd") ? "lvmd" : "topolvm-node";

    /// <summary>The last words of the container that failed; null where the pod does not pass them on.</summary>
    public static string? WordsOf(Pod pod) => pod.Status.ContainerStatuses.Where(status => !status.Ready)
        .SelectMany(status => new[] { status.LastState.Terminated?.Message, status.State.Terminated?.Message, status.State.Waiting is { Reason: "CrashLoopBackOff", Message: { } said } && !said.StartsWith("back-off", StringComparison.Ordinal) ? said : null })
        .FirstOrDefault(words => !string.IsNullOrWhiteSpace(words))?.Trim();

    public static Evidence Words(Pod pod, string words) => Witness.Of("Pod", pod.Metadata.ObjectName, Message.Verbatim(words));

    private static bool Fails(Pod pod, string container) => pod.Status.ContainerStatuses.FirstOrDefault(status => status.Name == container) is { Ready: false } status
        && (PodTrouble.Of(pod) is not null || status.LastState.Terminated is { ExitCode: not 0 });
}
