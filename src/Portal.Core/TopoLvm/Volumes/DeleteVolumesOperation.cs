using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>A volume that a person wants to be gone, as it was when they decided.</summary>
/// <param name="Uid">Of the claim.</param>
/// <param name="VolumeName">Its PersistentVolume; "" while it has none.</param>
/// <param name="IsRetained">Its reclaim policy keeps the PersistentVolume and the data.</param>
public sealed record DoomedVolume(string Namespace, string Name, string Uid, string VolumeName, bool IsRetained)
{
    public ObjectName ObjectName => new(Namespace, Name);

    public static DoomedVolume Of(Volume volume) => new(volume.Name.Namespace ?? "", volume.Name.Name, volume.Claim!.Metadata.Uid,
        volume.PersistentVolume?.Metadata.Name ?? "", volume.ReclaimPolicy == "Retain");
}

/// <summary>Deletes claims, and with them the data where their reclaim policy says so.</summary>
public sealed class DeleteVolumesOperation(ImmutableArray<DoomedVolume> volumes) : Operation
{
    public const string KindName = "delete-volumes";

    public override string Kind => KindName;

    public override Message Title => volumes is [var one] ? VolumeOperationTexts.DeleteTitle(one.ObjectName) : VolumeOperationTexts.DeleteManyTitle(volumes.Length);

    public override ImmutableArray<string> Subjects => [.. volumes.Select(volume => "volumes/" + volume.ObjectName)];

    /// <summary>How long the cluster may take to take one away.</summary>
    public TimeSpan GoneWithin { get; init; } = TimeSpan.FromMinutes(5);

    public static DeleteVolumesOperation FromJson(string json) => new([.. InstallJson.Read<DoomedVolume[]>(json)]);

    public override string ToJson() => InstallJson.Write(volumes.ToArray());

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel) => Task.FromResult<ImmutableArray<OperationStep>>(
    [
        .. volumes.Select((volume, at) => new OperationStep($"delete-{at}", VolumeOperationTexts.StepDelete(volume.ObjectName), (step, stop) => DeleteAsync(volume, step, stop))),
        .. volumes.Select((volume, at) => new OperationStep($"gone-{at}", VolumeOperationTexts.StepGone(volume.ObjectName), (step, stop) => FollowAsync(volume, step, stop))),
    ]);

    private static async Task DeleteAsync(DoomedVolume volume, StepRun step, CancellationToken cancel)
    {
        var claim = await step.Context.Client.FindAsync(PersistentVolumeClaim.Kind, volume.ObjectName, cancel);
        // One of the same name that came later is not the one that was meant.
        if (claim is null || claim.Metadata.Uid != volume.Uid || claim.Metadata.IsBeingDeleted) return;
        try
        {
            await step.Cluster.DeleteAsync(PersistentVolumeClaim.Kind, volume.ObjectName, new() { Uid = volume.Uid }, cancel);
        }
        catch (KubeException other) when (other.IsConflict)
        {
            step.Conclude(VolumeOperationTexts.AnotherClaim(volume.ObjectName));
        }
    }

    private async Task FollowAsync(DoomedVolume volume, StepRun step, CancellationToken cancel)
    {
        Message? waits = null;
        await step.WaitUntilAsync(cluster =>
        {
            waits = null;
            var missing = WhatIsLeft(volume, cluster, out var waitsForOthers);
            if (!waitsForOthers) return missing;
            waits = missing;
            return null;
        }, GoneWithin, cancel);
        if ((waits ?? (volume.IsRetained && volume.VolumeName.Length > 0 ? VolumeOperationTexts.DataKept(volume.VolumeName) : null)) is { } said) step.Conclude(said);
    }

    /// <summary>What is still there of a volume; null when all has gone that goes.</summary>
    /// <param name="waitsForOthers">It goes by itself when a Pod ends or a node comes back, which nobody should wait for here.</param>
    private static Message? WhatIsLeft(DoomedVolume volume, ClusterSnapshot cluster, out bool waitsForOthers)
    {
        waitsForOthers = false;
        if (cluster.Claims.Items.TryGetValue(volume.ObjectName, out var claim) && claim.Metadata.Uid == volume.Uid)
        {
            if (!claim.Metadata.IsBeingDeleted || OneVolume.Find(cluster, volume.ObjectName) is not { } found) return VolumeOperationTexts.WaitSeen(volume.ObjectName);
            waitsForOthers = found.Users.Any();
            return found.State.Reason ?? VolumeOperationTexts.WaitClaimGone(volume.ObjectName);
        }
        if (volume.VolumeName.Length == 0 || volume.IsRetained) return null;
        var logical = cluster.LegacyLogicalVolumes.Items.GetValueOrDefault(new(null, volume.VolumeName)) ?? cluster.LogicalVolumes.Items.GetValueOrDefault(new(null, volume.VolumeName));
        if (logical is null && !cluster.PersistentVolumes.Items.ContainsKey(new(null, volume.VolumeName))) return null;
        if (logical is null) return VolumeOperationTexts.WaitVolumeGone(volume.VolumeName);
        waitsForOthers = cluster.Nodes.Items.GetValueOrDefault(new(null, logical.Spec.NodeName)) is not { IsReady: true };
        return waitsForOthers ? VolumeTexts.DeletingOffline(logical.Spec.NodeName) : VolumeOperationTexts.WaitLogicalVolumeGone(logical.Spec.NodeName, volume.VolumeName);
    }
}
