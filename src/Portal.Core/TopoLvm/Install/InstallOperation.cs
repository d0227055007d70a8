using System.Collections.Immutable;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

/// <summary>Installs TopoLVM, or takes over the one that stands.</summary>
public sealed class InstallOperation(InstallSpec spec) : Operation
{
    public const string KindName = "install";

    public override string Kind => KindName;

    public override Message Title => InstallTexts.Title(spec.Profile()?.TopoLvmVersion, spec.Namespace);

    /// <summary>How long components may take to become ready: slow sites pull images for minutes.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(10);

    public static InstallOperation FromJson(string json) => new(InstallSpec.FromJson(json));

    public override string ToJson() => spec.ToJson();

    public override async Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        if (InstallSpecRules.Check(spec) is [_, ..] wrong) throw new OperationFailedException(InstallTexts.SpecWrong(Sentences.Join(wrong.Select(problem => problem.Text))));
        var facts = await FactGathering.GatherAsync(context.Client, spec, context.Time, cancel);
        var run = new InstallRun(spec, facts);
        if (run.Plan.Problems is [_, ..] broken) throw new OperationFailedException(InstallTexts.SpecWrong(Sentences.Join(broken.Select(problem => problem.WithPlace))));
        return [.. Steps(run)];
    }

    private IEnumerable<OperationStep> Steps(InstallRun run)
    {
        yield return new("check", InstallTexts.StepCheck, run.CheckAsync);
        yield return Stage(run, "namespace", InstallTexts.StepNamespace, InstallStage.Namespace);
        yield return Stage(run, "crd", InstallTexts.StepDefinition, InstallStage.Definition);
        yield return Stage(run, "rbac", InstallTexts.StepAccess, InstallStage.Access);
        yield return Stage(run, "config", InstallTexts.StepConfiguration, InstallStage.Configuration);
        if (run.Plan.CertificateSecret is { } secret) yield return new("certificate", InstallTexts.StepCertificate, (step, cancel) => run.EnsureCertificateAsync(secret, step, cancel));
        yield return Stage(run, "storage", InstallTexts.StepStorage, InstallStage.Storage);
        yield return Stage(run, "nodes", InstallTexts.StepNodes, InstallStage.Nodes);
        yield return Stage(run, "controller", InstallTexts.StepController, InstallStage.Controller);
        if (run.Has(InstallStage.Scheduler)) yield return Stage(run, "scheduler", InstallTexts.StepScheduler, InstallStage.Scheduler);
        yield return new("controller-ready", InstallTexts.StepControllerReady, (step, cancel) =>
            step.WaitUntilAsync(cluster => run.WhatIsMissing(cluster, component => component.Role == ComponentRole.Controller), ReadyWithin, cancel));
        if (run.Has(InstallStage.Webhook)) yield return Stage(run, "webhook", InstallTexts.StepWebhook, InstallStage.Webhook);
        yield return new("components-ready", InstallTexts.StepComponentsReady, (step, cancel) =>
            step.WaitUntilAsync(cluster => run.WhatIsMissing(cluster, _ => true), ReadyWithin, cancel));
        yield return new("verify", InstallTexts.StepVerify, run.VerifyAsync);
    }

    private static OperationStep Stage(InstallRun run, string id, Message title, InstallStage stage) =>
        new(id, title, (step, cancel) => run.ApplyAsync(stage, step, cancel));
}
