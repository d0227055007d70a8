using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Install.Removal;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>Cleans up what no claim belongs to. Each object is read and looked at again at the moment of its deletion, and goes only as the very
/// object that was looked at; one that belongs to somebody by then is left alone, and the operation says so.</summary>
public sealed class DeleteOrphansOperation(ImmutableArray<LeftOver> leftOvers) : Operation
{
    public const string KindName = "delete-orphans";

    private const int Attempts = 5;

    public override string Kind => KindName;

    public override Message Title => leftOvers is [var one] ? VolumeOperationTexts.CleanTitle(one.Name) : VolumeOperationTexts.CleanManyTitle(leftOvers.Length);

    public override ImmutableArray<string> Subjects => [.. leftOvers.Select(left => "volumes/" + left.Name)];

    /// <summary>How long the cluster may take to take one away.</summary>
    public TimeSpan GoneWithin { get; init; } = TimeSpan.FromMinutes(5);

    public static DeleteOrphansOperation FromJson(string json) => new([.. InstallJson.Read<LeftOver[]>(json)]);

    public override string ToJson() => InstallJson.Write(leftOvers.ToArray());

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var kept = new HashSet<LeftOver>();
        OwnerSearch? search = null;
        return Task.FromResult<ImmutableArray<OperationStep>>(
        [
            .. leftOvers.Select((left, at) => new OperationStep($"clean-{at}", VolumeOperationTexts.StepClean(left.Name), async (step, stop) =>
            {
                if (await CleanAsync(left, search ??= new(step), step, stop) is not { } owned) return;
                kept.Add(left);
                step.Conclude(owned);
            })),
            new("gone", VolumeOperationTexts.StepAllGone, (step, stop) => FollowAsync([.. leftOvers.Except(kept)], step, stop)),
        ]);
    }

    /// <summary>Null when it is gone or going; else whom it belongs to.</summary>
    private static async Task<Message?> CleanAsync(LeftOver left, OwnerSearch search, StepRun step, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CleanPersistentVolumeAsync(left, search, step, cancel) ?? await CleanLogicalVolumeAsync(left, search, step, cancel);
            }
            // It has changed since it was read: whether it is still left over is asked again.
            catch (KubeException changed) when (attempt < Attempts && changed.IsConflict)
            {
                step.Report(VolumeOperationTexts.ReportAgain(left.Name));
            }
        }
    }

    private static async Task<Message?> CleanPersistentVolumeAsync(LeftOver left, OwnerSearch search, StepRun step, CancellationToken cancel)
    {
        if (left.PersistentVolume is not { } name) return null;
        var found = await step.Context.Client.FindAsync(PersistentVolume.Kind, new(null, name), cancel);
        if (found is null) return null;
        if (found.Metadata.Uid != left.PersistentVolumeUid) return VolumeOperationTexts.AnotherVolume(name);
        if (found.Metadata.IsBeingDeleted) return null;
        if (await search.OwnerOfAsync(found, cancel) is { } owned) return owned;
        if (left.Kind == OrphanKind.PersistentVolume && await step.Context.Client.FindAsync(left.LogicalVolumeKind, new(null, name), cancel) is not null) return VolumeOperationTexts.LogicalVolumeIsBack(name);
        if (left.Kind == OrphanKind.Retained && found.Spec.PersistentVolumeReclaimPolicy != "Retain") return VolumeOperationTexts.NotRetained(name);
        await step.Cluster.DeleteAsync(PersistentVolume.Kind, found.Metadata.ObjectName, Exactly(found), cancel);
        return null;
    }

    private static async Task<Message?> CleanLogicalVolumeAsync(LeftOver left, OwnerSearch search, StepRun step, CancellationToken cancel)
    {
        if (left.LogicalVolume is not { } name) return null;
        var kind = left.LogicalVolumeKind;
        if (left.PersistentVolume is { } persistent) await step.WaitUntilAsync(cluster => IsGone(cluster, persistent, left.PersistentVolumeUid) ? null : VolumeOperationTexts.WaitVolumeGone(persistent), TimeSpan.FromMinutes(1), cancel);
        // Read before its owners: what changes it from here on makes the deletion fail.
        var found = await step.Context.Client.FindAsync(kind, new(null, name), cancel);
        if (found is null) return null;
        if (found.Metadata.Uid != left.LogicalVolumeUid) return VolumeOperationTexts.AnotherVolume(name);
        if (await search.OwnerOfAsync(found, left.Group, cancel) is { } owned) return owned;
        if (!found.Metadata.IsBeingDeleted) await step.Cluster.DeleteAsync(kind, found.Metadata.ObjectName, Exactly(found), cancel);
        // The node that would serve the finalizer is no longer in the cluster; the logical volume stays on its disks.
        if (await step.Context.Client.FindAsync(Node.Kind, new(null, found.Spec.NodeName), cancel) is null
            && await step.Context.Client.FindAsync(kind, found.Metadata.ObjectName, cancel) is { } held && held.Metadata.Uid == found.Metadata.Uid)
        {
            await ConditionalPatch.ApplyAsync(step, kind, held, current => MarkRemoval.OfFinalizers(current.Metadata, new TopoLvmNames(left.Group).LogicalVolumeFinalizer), cancel);
        }
        return null;
    }

    private static DeleteOptions Exactly(IKubeObject found) => new() { Uid = found.Metadata.Uid, ResourceVersion = found.Metadata.ResourceVersion };

    private static bool IsGone(ClusterSnapshot cluster, string name, string uid) => cluster.PersistentVolumes.Items.GetValueOrDefault(new(null, name))?.Metadata.Uid != uid;

    private async Task FollowAsync(ImmutableArray<LeftOver> cleaned, StepRun step, CancellationToken cancel)
    {
        Message? waits = null;
        await step.WaitUntilAsync(cluster =>
        {
            waits = null;
            foreach (var left in cleaned)
            {
                if (left.PersistentVolume is { } persistent && !IsGone(cluster, persistent, left.PersistentVolumeUid)) return VolumeOperationTexts.WaitVolumeGone(persistent);
                var volumes = left.Group == TopoLvmNames.Legacy.Group ? cluster.LegacyLogicalVolumes : cluster.LogicalVolumes;
                if (left.LogicalVolume is not { } name || volumes.Items.GetValueOrDefault(new(null, name)) is not { } logical || logical.Metadata.Uid != left.LogicalVolumeUid) continue;
                if (cluster.Nodes.Items.GetValueOrDefault(new(null, logical.Spec.NodeName)) is not { IsReady: false }) return VolumeOperationTexts.WaitLogicalVolumeGone(logical.Spec.NodeName, name);
                waits = VolumeTexts.DeletingOffline(logical.Spec.NodeName);
            }
            return null;
        }, GoneWithin, cancel);
        if (waits is not null) step.Conclude(waits);
    }
}
