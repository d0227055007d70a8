using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

// An expansion goes through three hands: csi-resizer and TopoLVM's controller raise the LogicalVolume's spec.size,
// topolvm-node grows the logical volume, the kubelet grows the file system while a Pod mounts it. Each leaves its mark in
// another object; how far it has come is read from those marks, so that an expansion by kubectl shows the same way.

public enum ResizeStage
{
    /// <summary>The claim asks for more; the logical volume has its old size.</summary>
    Requested,

    /// <summary>The logical volume has the new size; what lies on it has not.</summary>
    LogicalVolumeGrown,
}

public enum ResizeMotion
{
    /// <summary>Somebody is working on it.</summary>
    Moving,

    /// <summary>It goes on by itself when what it waits for comes.</summary>
    Waiting,

    /// <summary>It was tried and failed; somebody has to do something.</summary>
    Stopped,
}

/// <summary>How far the expansion of a volume has come.</summary>
/// <param name="Text">What it is doing, what it waits for, or why it stopped and what to do.</param>
public sealed record ResizeProgress(ResizeStage Stage, ResizeMotion Motion, long FromBytes, long ToBytes, Message Text)
{
    private static readonly string[] Failures = ["VolumeResizeFailed", "FileSystemResizeFailed", "ExternalExpandFailed"];
    private static readonly string[] FailedConditions = ["ControllerResizeError", "NodeResizeError"];

    /// <summary>Null when the volume has what its claim asks for, or does not exist yet.</summary>
    /// <param name="failedBefore">Failures said until then are of an earlier attempt.</param>
    public static ResizeProgress? Of(Volume volume, DateTimeOffset? failedBefore)
    {
        if (volume is not { IsBound: true, RequestedBytes: { } asked, UsableBytes: { } usable, LogicalVolume: { } logical, PersistentVolume: not null }) return null;
        var isPending = volume.Claim!.Status.Conditions.Any(condition => condition is { Type: "FileSystemResizePending", Status: "True" });
        if (asked <= usable && !isPending) return null;
        var grown = volume.LogicalVolumeBytes >= asked;
        var (motion, text) = grown ? FileSystem(volume, failedBefore)
            : Volume.BytesOf(logical.Spec.Size) < asked ? Controller(volume, asked, failedBefore)
            : Node(volume, logical);
        return new(grown ? ResizeStage.LogicalVolumeGrown : ResizeStage.Requested, motion, usable, asked, text);
    }

    private static (ResizeMotion, Message) Controller(Volume volume, long asked, DateTimeOffset? failedBefore)
    {
        if (volume.StorageClass is not { AllowVolumeExpansion: true }) return (ResizeMotion.Stopped, VolumeTexts.ResizeNoClass(volume.Claim!.Spec.StorageClassName ?? ""));
        if (FailureSince(volume, failedBefore) is { } failure)
            return (ResizeMotion.Stopped, volume.Headroom?.WhyNot(volume, asked) is { } full ? VolumeTexts.ResizeFull(full) : VolumeTexts.ResizeFailed(ForeignText.Sentence(failure)));
        if (volume.Controller is not { Health: ComponentHealth.Ready }) return (ResizeMotion.Waiting, VolumeTexts.ResizeWaitsForController(volume.Controller?.Why ?? VolumeTexts.ControllerMissing));
        return (ResizeMotion.Moving, VolumeTexts.ResizeAsked(ByteText.Format(asked)));
    }

    private static (ResizeMotion, Message) Node(Volume volume, LogicalVolume logical)
    {
        if (volume.Host is not { } host) return (ResizeMotion.Stopped, VolumeTexts.ResizeNodeGone(logical.Spec.NodeName));
        if (!host.IsReady) return (ResizeMotion.Waiting, VolumeTexts.ResizeWaitsForNode(host.Name));
        if (logical.Status.Code != 0) return (ResizeMotion.Stopped, LogicalVolumeProblem.Explain(volume, logical));
        if (NodeTrouble(host) is { } trouble) return (ResizeMotion.Waiting, VolumeTexts.ResizeWaitsForService(host.Name, trouble));
        return (ResizeMotion.Moving, VolumeTexts.ResizeGrowing(host.Name, logical.Spec.Size));
    }

    private static (ResizeMotion, Message) FileSystem(Volume volume, DateTimeOffset? failedBefore)
    {
        if (volume.Host is { IsReady: false } host) return (ResizeMotion.Waiting, VolumeTexts.ResizeWaitsForNode(host.Name));
        var users = volume.Users.ToArray();
        if (users.Length == 0) return (ResizeMotion.Waiting, volume.IsBlock ? VolumeTexts.ResizeWaitsForPodBlock : VolumeTexts.ResizeWaitsForPod);
        if (FailureSince(volume, failedBefore) is { } failure) return (ResizeMotion.Stopped, VolumeTexts.ResizeFileSystemFailed(ForeignText.Sentence(failure)));
        if (!Array.Exists(users, pod => pod.Status.Phase == "Running"))
            return (ResizeMotion.Waiting, VolumeTexts.ResizeWaitsForStart(users[0].Metadata.ObjectName, PodTrouble.First(users) ?? VolumeTexts.Nothing));
        return (ResizeMotion.Moving, volume.IsBlock ? VolumeTexts.ResizeBlock : VolumeTexts.ResizeFileSystem(volume.FileSystem));
    }

    private static Message? NodeTrouble(StorageNode node) =>
        node.IsServing ? null : node.Lvmd.Trouble ?? node.Plugin.Trouble ?? (node.Pods.IsEmpty ? VolumeTexts.ServiceMissing(node.Name) : VolumeTexts.ServiceStarting(node.Name));

    /// <summary>When a failure was said last; null when none is remembered.</summary>
    internal static DateTimeOffset? LastFailureAt(Volume volume) => FailuresOf(volume).Max(said => said.At);

    private static IEnumerable<Event> FailuresOf(Volume volume) =>
        volume.Events.Concat(volume.PodWarnings).Where(said => said.Type == "Warning" && Failures.Contains(said.Reason));

    /// <summary>What was said last about a failure of this expansion.</summary>
    private static string? FailureSince(Volume volume, DateTimeOffset? failedBefore)
    {
        var conditions = volume.Claim!.Status.Conditions;
        if (conditions.FirstOrDefault(condition => FailedConditions.Contains(condition.Type) && condition.Status == "True") is { } failed) return failed.Message;
        // Events are told to the second.
        var begun = conditions.FirstOrDefault(condition => condition is { Type: "Resizing" or "FileSystemResizePending", Status: "True" })?.LastTransitionTime;
        var first = begun is { } at ? DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()) : DateTimeOffset.MinValue;
        return FailuresOf(volume).Where(said => said.At >= first && (failedBefore is null || said.At > failedBefore)).MaxBy(said => said.At)?.Message;
    }
}
