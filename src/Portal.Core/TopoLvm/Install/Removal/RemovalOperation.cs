using System.Collections.Immutable;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>Removes TopoLVM, whoever installed it.</summary>
public sealed class RemovalOperation(RemovalSpec spec) : Operation
{
    public const string KindName = "remove";

    public override string Kind => KindName;

    public override Message Title => spec.DeleteData ? RemovalTexts.TitleWithData(spec.Namespace) : RemovalTexts.Title(spec.Namespace);

    /// <summary>How long the cluster may take to finish what was asked of it: pods to stop, volumes and the namespace to go.</summary>
    public TimeSpan GoneWithin { get; init; } = TimeSpan.FromMinutes(5);

    public static RemovalOperation FromJson(string json) => new(RemovalSpec.FromJson(json));

    public override string ToJson() => spec.ToJson();

    public override async Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        var api = await context.Client.DiscoverAsync(cancel);
        return [.. Steps(new RemovalRun(spec, api, GoneWithin), new DataRemoval(spec, api, GoneWithin))];
    }

    private IEnumerable<OperationStep> Steps(RemovalRun run, DataRemoval data)
    {
        yield return new("check", RemovalTexts.StepCheck, data.CheckAsync);
        // First of all: with failurePolicy Fail and no controller behind it, no pod could be created any more.
        yield return Stage(run, "webhook", RemovalTexts.StepWebhook, RemovalStage.Webhook);
        if (spec.DeleteData)
        {
            yield return new("snapshots", RemovalTexts.StepSnapshots, data.SnapshotsAsync);
            yield return new("claims", RemovalTexts.StepClaims, data.ClaimsAsync);
            yield return new("volumes", RemovalTexts.StepVolumes, data.PersistentVolumesAsync);
            yield return new("logical-volumes", RemovalTexts.StepLogicalVolumes, data.LogicalVolumesAsync);
        }
        yield return Stage(run, "scheduler", RemovalTexts.StepScheduler, RemovalStage.Scheduler);
        yield return Stage(run, "nodes", RemovalTexts.StepNodes, RemovalStage.Nodes);
        yield return Stage(run, "controller", RemovalTexts.StepController, RemovalStage.Controller);
        yield return new("pods", RemovalTexts.StepPods, run.PodsAsync);
        yield return Stage(run, "rbac", RemovalTexts.StepAccess, RemovalStage.Access);
        yield return Stage(run, "config", RemovalTexts.StepConfiguration, RemovalStage.Configuration);
        yield return Stage(run, "certificate", RemovalTexts.StepCertificate, RemovalStage.Certificate);
        yield return Stage(run, "storage", RemovalTexts.StepStorage, RemovalStage.Storage);
        if (spec.DeleteData) yield return new("crd", RemovalTexts.StepDefinition, run.DefinitionAsync);
        yield return new("claim-finalizers", RemovalTexts.StepClaimFinalizers, run.ClaimFinalizersAsync);
        yield return new("node-marks", RemovalTexts.StepNodeMarks, run.NodeMarksAsync);
        yield return new("namespace", RemovalTexts.StepNamespace, run.NamespaceAsync);
        yield return new("leftovers", RemovalTexts.StepLeftovers, run.LeftoversAsync);
    }

    private static OperationStep Stage(RemovalRun run, string id, Message title, RemovalStage stage) =>
        new(id, title, (step, cancel) => run.DeleteAsync(stage, step, cancel));
}
