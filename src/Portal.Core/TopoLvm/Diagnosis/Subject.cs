using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis;

public enum SubjectKind
{
    Pod,
    Claim,
    LogicalVolume,
    Node,
}

/// <summary>What somebody asks "why?" about.</summary>
public sealed record Subject(SubjectKind Kind, ObjectName Name)
{
    public static Subject Of(Pod pod) => new(SubjectKind.Pod, pod.Metadata.ObjectName);

    public static Subject Of(PersistentVolumeClaim claim) => new(SubjectKind.Claim, claim.Metadata.ObjectName);

    public static Subject Of(LogicalVolume volume) => new(SubjectKind.LogicalVolume, volume.Metadata.ObjectName);

    /// <summary>The node of that name.</summary>
    public static Subject Of(string node) => new(SubjectKind.Node, new(null, node));

    public static Subject Of(Node node) => new(SubjectKind.Node, node.Metadata.ObjectName);

    /// <summary>"PersistentVolumeClaim shop/data".</summary>
    public override string ToString() => $"{(Kind == SubjectKind.Claim ? "PersistentVolumeClaim" : Kind)} {Name}";
}
