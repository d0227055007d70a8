using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Nodes;

public enum NodePartState
{
    /// <summary>There is no pod of it on the node.</summary>
    Absent,

    Starting,
    Ready,

    /// <summary>Something keeps it from becoming ready; <see cref="NodePart.Trouble"/> says what.</summary>
    Failing,

    /// <summary>The node is offline: what its pod does is not known.</summary>
    Unreachable,
}

/// <summary>One of TopoLVM's two programs on a node, lvmd or topolvm-node.</summary>
/// <param name="Pod">Null while there is none.</param>
public sealed record NodePart(NodePartState State, Pod? Pod)
{
    public static readonly NodePart Absent = new(NodePartState.Absent, null);

    /// <summary>Why it does not become ready; null when it is or merely starts.</summary>
    public Message? Trouble { get; init; }

    /// <summary>What the program said before it ended last; null when it never did, or said nothing.</summary>
    public string? LastWords { get; init; }

    /// <summary>The pod has come to its present state, as far as that is known.</summary>
    public DateTimeOffset? Since => Pod?.Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready")?.LastTransitionTime;

    /// <param name="pods">TopoLVM's pods on one node.</param>
    internal static NodePart Of(ImmutableArray<Pod> pods, string container, bool isNodeReady)
    {
        // While a pod is replaced, the one that stays counts.
        var pod = pods.Where(pod => Runs(pod, container)).OrderBy(pod => pod.Metadata.IsBeingDeleted).ThenByDescending(pod => pod.Metadata.CreationTimestamp).FirstOrDefault();
        if (pod is null) return Absent;
        var part = new NodePart(NodePartState.Ready, pod);
        if (!isNodeReady) return part with { State = NodePartState.Unreachable };
        if (pod.IsReady) return part;
        var ended = pod.Status.ContainerStatuses.Select(status => status.LastState.Terminated ?? status.State.Terminated).FirstOrDefault(end => end is { ExitCode: not 0 });
        var trouble = PodTrouble.Of(pod);
        return part with { State = trouble is null ? NodePartState.Starting : NodePartState.Failing, Trouble = trouble, LastWords = ended?.Message is { Length: > 0 } words ? words.Trim() : null };
    }

    private static bool Runs(Pod pod, string container) => pod.Spec.Containers.Any(one => one.Name == container)
        || (container == "lvmd" && pod.Spec.Containers.Any(one => one.Name == "topolvm-node" && one.Command.Concat(one.Args).Any(word => word == "--embed-lvmd")));
}
