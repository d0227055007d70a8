using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>Creates a claim, and follows it until its volume is there or waits for its first Pod.</summary>
public sealed class CreateVolumeOperation(VolumeSpec spec) : Operation
{
    public const string KindName = "create-volume";

    public override string Kind => KindName;

    public override Message Title => VolumeOperationTexts.CreateTitle(spec.ObjectName, spec.Size);

    public override ImmutableArray<string> Subjects => ["volumes/" + spec.ObjectName];

    /// <summary>How long TopoLVM may take to make it.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(5);

    public static CreateVolumeOperation FromJson(string json) => new(InstallJson.Read<VolumeSpec>(json));

    public override string ToJson() => InstallJson.Write(spec);

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var cluster = context.Cluster.Current;
        var isMade = cluster.Claims.Items.TryGetValue(spec.ObjectName, out var there) && IsOurs(there);
        if (!isMade && spec.WhyNot(cluster, StorageState.From(cluster)) is { } problem) throw new OperationFailedException(problem);
        return Task.FromResult<ImmutableArray<OperationStep>>(
        [
            new("create", VolumeOperationTexts.StepCreate(spec.ObjectName), CreateAsync),
            new("ready", VolumeOperationTexts.StepReady, FollowAsync),
        ]);
    }

    private async Task CreateAsync(StepRun step, CancellationToken cancel)
    {
        if (await FindOursAsync(step, cancel)) return;
        try
        {
            await step.Cluster.CreateAsync(VolumeKinds.Claims, spec.ToDocument(), WriteOptions.Default, cancel);
        }
        catch (KubeException taken) when (taken.IsAlreadyExists)
        {
            await FindOursAsync(step, cancel);
        }
    }

    /// <summary>True when the claim is there and this operation has made it.</summary>
    private async Task<bool> FindOursAsync(StepRun step, CancellationToken cancel)
    {
        if (await step.Context.Client.FindAsync(PersistentVolumeClaim.Kind, spec.ObjectName, cancel) is not { } found) return false;
        return IsOurs(found) ? true : throw new OperationFailedException(VolumeOperationTexts.NameTaken(spec.ObjectName));
    }

    private async Task FollowAsync(StepRun step, CancellationToken cancel)
    {
        VolumeState? state = null;
        await step.WaitUntilAsync(cluster =>
        {
            state = OneVolume.Find(cluster, spec.ObjectName)?.State;
            return state switch
            {
                null => VolumeOperationTexts.WaitSeen(spec.ObjectName),
                { Kind: VolumeStateKind.Provisioning } => state.Reason ?? VolumeOperationTexts.WaitMade(spec.ObjectName),
                _ => null,
            };
        }, ReadyWithin, cancel);
        if (state is { Kind: VolumeStateKind.ProvisioningFailed, Reason: { } reason }) throw new OperationFailedException(reason);
        if (state is { Kind: VolumeStateKind.WaitingForConsumer, Reason: { } waits }) step.Conclude(waits);
    }

    private bool IsOurs(PersistentVolumeClaim claim) => claim.Metadata.Annotations.GetValueOrDefault(VolumeSpec.MarkAnnotation) == spec.Mark;
}
