using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>Makes a snapshot of a volume, and follows it until volumes can be made from it.</summary>
public sealed class CreateSnapshotOperation(SnapshotSpec spec) : Operation
{
    public const string KindName = "create-snapshot";

    public override string Kind => KindName;

    public override Message Title => VolumeOperationTexts.SnapshotTitle(spec.Name, new ObjectName(spec.Namespace, spec.Claim));

    public override ImmutableArray<string> Subjects => [$"volumes/{spec.Namespace}/{spec.Claim}"];

    /// <summary>How long TopoLVM may take to make it.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(5);

    public static CreateSnapshotOperation FromJson(string json) => new(InstallJson.Read<SnapshotSpec>(json));

    public override string ToJson() => InstallJson.Write(spec);

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var cluster = context.Cluster.Current;
        if (OneVolume.Find(cluster, new(spec.Namespace, spec.Claim)) is not { } volume) throw new OperationFailedException(VolumeOperationTexts.ClaimGone(new ObjectName(spec.Namespace, spec.Claim)));
        if (volume.WhyNotSnapshot(cluster) is { } problem) throw new OperationFailedException(problem);
        return Task.FromResult<ImmutableArray<OperationStep>>(
        [
            new("create", VolumeOperationTexts.StepSnapshot(spec.Name), CreateAsync),
            new("ready", VolumeOperationTexts.StepSnapshotReady, FollowAsync),
        ]);
    }

    private async Task CreateAsync(StepRun step, CancellationToken cancel)
    {
        if (await FindOursAsync(step, cancel)) return;
        try
        {
            await step.Cluster.CreateAsync(VolumeKinds.Snapshots, spec.ToDocument(), WriteOptions.Default, cancel);
        }
        catch (KubeException taken) when (taken.IsAlreadyExists)
        {
            await FindOursAsync(step, cancel);
        }
    }

    private async Task<bool> FindOursAsync(StepRun step, CancellationToken cancel)
    {
        if (await step.Context.Client.FindAsync(VolumeSnapshot.Kind, spec.ObjectName, cancel) is not { } found) return false;
        return found.Metadata.Annotations.GetValueOrDefault(VolumeSpec.MarkAnnotation) == spec.Mark ? true
            : throw new OperationFailedException(VolumeOperationTexts.SnapshotTaken(spec.ObjectName));
    }

    private async Task FollowAsync(StepRun step, CancellationToken cancel)
    {
        VolumeSnapshot? found = null;
        await step.WaitUntilAsync(cluster =>
        {
            found = cluster.VolumeSnapshots.Items.GetValueOrDefault(spec.ObjectName);
            return found is { Status.ReadyToUse: true } or { Status.Error: not null } ? null : VolumeOperationTexts.WaitSnapshot(spec.Name);
        }, ReadyWithin, cancel);
        if (found is { Status: { ReadyToUse: false, Error: { } error } })
            throw new OperationFailedException(VolumeOperationTexts.SnapshotFailed(spec.Name, ForeignText.Sentence(error.Message ?? "")));
    }
}
