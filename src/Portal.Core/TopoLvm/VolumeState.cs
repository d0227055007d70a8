using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

public enum VolumeStateKind
{
    /// <summary>A Pod mounts it.</summary>
    InUse,

    /// <summary>It is there, and nobody mounts it.</summary>
    Ready,

    /// <summary>It is made when the first Pod uses it.</summary>
    WaitingForConsumer,

    Provisioning,

    /// <summary>The last attempt to make it failed.</summary>
    ProvisioningFailed,

    Expanding,

    /// <summary>An expansion goes on when what it waits for comes.</summary>
    ExpansionWaiting,

    ExpansionStopped,

    NodeOffline,

    /// <summary>The node that held the data is no longer in the cluster.</summary>
    NodeGone,

    Deleting,

    /// <summary>Its claim is gone, and TopoLVM takes it away.</summary>
    Releasing,

    /// <summary>Its claim is gone, and its reclaim policy keeps it.</summary>
    Retained,

    /// <summary>A part that must be there is not.</summary>
    Lost,

    /// <summary>Left over: nothing in the cluster names it.</summary>
    LeftOver,
}

/// <summary>How a volume is, in a word and a sentence.</summary>
/// <param name="Reason">Why, and what to do; null when the word says all.</param>
public sealed record VolumeState(VolumeStateKind Kind, Message? Reason = null)
{
    public Message Word => WordOf(Kind);

    public static Message WordOf(VolumeStateKind kind) => kind switch
    {
        VolumeStateKind.InUse => VolumeTexts.WordInUse,
        VolumeStateKind.Ready => VolumeTexts.WordReady,
        VolumeStateKind.WaitingForConsumer => VolumeTexts.WordWaiting,
        VolumeStateKind.Provisioning => VolumeTexts.WordProvisioning,
        VolumeStateKind.ProvisioningFailed => VolumeTexts.WordProvisioningFailed,
        VolumeStateKind.Expanding => VolumeTexts.WordExpanding,
        VolumeStateKind.ExpansionWaiting => VolumeTexts.WordExpansionWaiting,
        VolumeStateKind.ExpansionStopped => VolumeTexts.WordExpansionStopped,
        VolumeStateKind.NodeOffline => VolumeTexts.WordNodeOffline,
        VolumeStateKind.NodeGone => VolumeTexts.WordNodeGone,
        VolumeStateKind.Deleting => VolumeTexts.WordDeleting,
        VolumeStateKind.Releasing => VolumeTexts.WordReleasing,
        VolumeStateKind.Retained => VolumeTexts.WordRetained,
        VolumeStateKind.Lost => VolumeTexts.WordLost,
        _ => VolumeTexts.WordLeftOver,
    };

    internal static VolumeState Of(Volume volume) => volume switch
    {
        { Claim: null } => Unclaimed(volume),
        { Claim.Metadata.IsBeingDeleted: true } => new(VolumeStateKind.Deleting, WhyStillThere(volume)),
        { Claim.Status.Phase: "Lost" } or { IsBound: true, PersistentVolume: null } => new(VolumeStateKind.Lost, VolumeTexts.LostPersistentVolume(volume.Claim.Spec.VolumeName ?? "")),
        { IsBound: false } => Unbound(volume),
        { LogicalVolume: null } => new(VolumeStateKind.Lost, VolumeTexts.LostLogicalVolume(volume.PersistentVolume!.Metadata.Name)),
        { Host: null } => new(VolumeStateKind.NodeGone, VolumeTexts.NodeGone(volume.LogicalVolume.Spec.NodeName)),
        { Host.IsReady: false } => new(VolumeStateKind.NodeOffline, VolumeTexts.NodeOffline(volume.Host.Name)),
        { Resize: { } resize } => new(resize.Motion switch
        {
            ResizeMotion.Stopped => VolumeStateKind.ExpansionStopped,
            ResizeMotion.Waiting => VolumeStateKind.ExpansionWaiting,
            _ => VolumeStateKind.Expanding,
        }, resize.Text),
        _ => new(volume.Users.Any(pod => pod.Status.Phase == "Running") ? VolumeStateKind.InUse : VolumeStateKind.Ready),
    };

    private static VolumeState Unbound(Volume volume)
    {
        var failed = volume.Events.FirstOrDefault(said => said.Reason is "ProvisioningFailed" or "ProvisioningSucceeded" or "Provisioning") is { Type: "Warning" } last ? last.Message : null;
        if (failed is not null) return new(VolumeStateKind.ProvisioningFailed, VolumeTexts.ProvisioningFailed(ForeignText.Sentence(failed)));
        if (volume.LogicalVolume is { Status.Code: not 0 } logical) return new(VolumeStateKind.ProvisioningFailed, LogicalVolumeProblem.Explain(volume, logical));
        if (volume.StorageClass is null) return new(VolumeStateKind.ProvisioningFailed, VolumeTexts.ClassGone(volume.Claim!.Spec.StorageClassName ?? ""));
        var waits = volume.StorageClass.VolumeBindingMode == "WaitForFirstConsumer" && volume.LogicalVolume is null;
        if (waits && !volume.Users.Any()) return new(VolumeStateKind.WaitingForConsumer, VolumeTexts.WaitsForFirstPod);
        if (waits && PodTrouble.First(volume.Users) is { } trouble) return new(VolumeStateKind.WaitingForConsumer, trouble);
        if (volume.Controller is not { Health: ComponentHealth.Ready }) return new(VolumeStateKind.Provisioning, VolumeTexts.WaitsForController(volume.Controller?.Why ?? VolumeTexts.ControllerMissing));
        return new(VolumeStateKind.Provisioning);
    }

    private static VolumeState Unclaimed(Volume volume) => volume switch
    {
        { PersistentVolume.Metadata.IsBeingDeleted: true } or { PersistentVolume: null, LogicalVolume.Metadata.IsBeingDeleted: true } =>
            new(VolumeStateKind.Deleting, WhyStillThere(volume)),
        { Orphan: OrphanKind.LogicalVolume } => new(VolumeStateKind.LeftOver, VolumeTexts.OrphanLogicalVolume(volume.Node ?? "")),
        { Orphan: OrphanKind.Snapshot } => new(VolumeStateKind.LeftOver, VolumeTexts.OrphanSnapshot(volume.Node ?? "")),
        { Orphan: OrphanKind.PersistentVolume } => new(VolumeStateKind.LeftOver, VolumeTexts.OrphanPersistentVolume),
        { Orphan: OrphanKind.Retained } => new(VolumeStateKind.Retained, VolumeTexts.Retained(ClaimText(volume), volume.Node ?? "")),
        { PersistentVolume.Status: { Phase: "Failed" } failed } => new(VolumeStateKind.Releasing, VolumeTexts.ReleaseFailed(ForeignText.Sentence(failed.Message))),
        { PersistentVolume.Status.Phase: "Released" } => new(VolumeStateKind.Releasing, WhyStillThere(volume)),
        _ => new(VolumeStateKind.Ready, VolumeTexts.Available),
    };

    /// <summary>What keeps something that is being deleted from going; null when nothing is known to.</summary>
    private static Message? WhyStillThere(Volume volume)
    {
        if (volume.Users.FirstOrDefault() is { } user) return VolumeTexts.DeletingUsed(user.Metadata.ObjectName);
        if (volume is { Node: { } node, Host: null }) return VolumeTexts.DeletingNodeGone(node);
        if (volume.Host is { IsReady: false } host) return VolumeTexts.DeletingOffline(host.Name);
        if (volume.Controller is null && (volume.Claim ?? (Kubernetes.IKubeObject?)volume.PersistentVolume ?? volume.LogicalVolume)?.Metadata.Finalizers.FirstOrDefault(mark => mark.Contains("topolvm", StringComparison.Ordinal)) is { } finalizer)
            return VolumeTexts.DeletingUnserved(finalizer);
        return null;
    }

    private static string ClaimText(Volume volume) => volume.PersistentVolume?.Spec.ClaimRef is { } claim ? $"{claim.Namespace}/{claim.Name}" : "";
}
