using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>Whether an object is not what it should be: only then is there something to explain.</summary>
internal static class Trouble
{
    public static bool Of(Case one) => one.Subject.Kind switch
    {
        _ when !one.Exists => one.Subject.Kind is SubjectKind.Pod or SubjectKind.Claim,
        SubjectKind.Pod => one.Pods.Any(Of),
        SubjectKind.Claim => one.Claims.Any(claim => Of(claim, one.Around)),
        SubjectKind.LogicalVolume => one.LogicalVolumes.Any(volume => Of(volume, one.Around) || IsOnLostNode(volume.Spec.NodeName, one.Around)),
        _ => true,
    };

    public static bool Of(Pod pod) => pod.Status.Phase is not ("Succeeded" or "Failed") && (!pod.IsReady || pod.Metadata.IsBeingDeleted);

    public static bool Of(LogicalVolume volume, Surroundings around)
    {
        if (volume.Status.Code != 0 || volume.Metadata.IsBeingDeleted || volume.Status.VolumeID.Length == 0) return true;
        // Two texts that are the same need no reading, which most are.
        if (volume.Status.CurrentSize != volume.Spec.Size && SizeOf(volume.Status.CurrentSize) is { } current && SizeOf(volume.Spec.Size) is { } asked && current < asked) return true;
        return around.PersistentVolume(volume.Metadata.Name) is { } persistent ? persistent.Status.Phase == "Released" : IsLeftover(volume, around);
    }

    /// <summary>No PersistentVolume has its name, and nothing it could be in the making for exists any more.</summary>
    public static bool IsLeftover(LogicalVolume volume, Surroundings around)
    {
        if (around.PersistentVolume(volume.Metadata.Name) is not null) return false;
        var uid = volume.Spec.Name[(volume.Spec.Name.IndexOf('-', StringComparison.Ordinal) + 1)..];
        return !around.IsWanted(uid);
    }

    public static bool IsOnLostNode(string? node, Surroundings around) => node is { Length: > 0 } && around.Node(node) is not { IsReady: true, Metadata.IsBeingDeleted: false };

    private static bool Of(ClaimCase claim, Surroundings around) =>
        claim.Stage != ClaimStage.Bound || claim.Pods.Any(Of) || IsOnLostNode(claim.LogicalVolume?.Spec.NodeName, around);

    private static long? SizeOf(string text) => Quantity.TryParse(text, out var size) ? size.Value : null;
}
