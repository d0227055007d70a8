using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>What kubelets have told of the file systems of volumes, by node.</summary>
public sealed record KubeletUses(ImmutableDictionary<string, KubeletUses.Answer> Nodes)
{
    public static readonly KubeletUses Empty = new(ImmutableDictionary<string, Answer>.Empty);

    /// <summary>What one kubelet told last.</summary>
    /// <param name="At">When it answered, by the portal's clock.</param>
    public sealed record Answer(DateTimeOffset At, ImmutableDictionary<ObjectName, FileSystemUse> Volumes)
    {
        /// <summary>Why it has not answered since; null when it has.</summary>
        public Message? Problem { get; init; }
    }

    /// <summary>Why no kubelet is asked any more: the portal may not; null while it may, or nobody knows yet.</summary>
    public Message? Refused { get; init; }

    /// <summary>Why a node's kubelet tells nothing; null while it does, or nobody has asked it.</summary>
    public Message? ProblemOf(string node) => Refused ?? Nodes.GetValueOrDefault(node)?.Problem;
}
