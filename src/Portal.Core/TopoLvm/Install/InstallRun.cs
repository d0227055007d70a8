using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

/// <summary>One pass through an install: the plan, and what the steps before have made.</summary>
internal sealed class InstallRun(InstallSpec spec, ClusterFacts facts)
{
    // A snapshot may be older than what was just applied; a workload counts only from the generation on that was written.
    private readonly Dictionary<LiveName, long> _generations = [];

    public InstallPlan Plan { get; private set; } = InstallPlan.For(spec, facts);

    public bool Has(InstallStage stage) => Plan.Objects.Any(planned => planned.Stage == stage);

    public async Task CheckAsync(StepRun step, CancellationToken cancel)
    {
        var checks = await Preflight.CheckAsync(step.Context.Client, Plan, facts, cancel);
        if (checks.Where(check => check.State == CheckState.Blocker).ToArray() is [_, ..] blockers)
            throw new OperationFailedException(InstallTexts.Blocked(Sentences.Join(blockers.Select(check => check.WithRemedy))));
    }

    public async Task ApplyAsync(InstallStage stage, StepRun step, CancellationToken cancel)
    {
        var objects = Plan.Objects.Where(planned => planned.Stage == stage).ToArray();
        foreach (var (index, planned) in objects.Index())
        {
            step.Report(InstallTexts.ReportApplying(planned.Name, index + 1, objects.Length));
            await ApplyAsync(planned, step, cancel);
        }
    }

    /// <summary>Takes the pair that the Secret holds when it can be used, and otherwise makes one.</summary>
    public async Task EnsureCertificateAsync(ObjectName secret, StepRun step, CancellationToken cancel)
    {
        var kind = facts.Api.Find("v1", "Secret")!;
        var live = await step.Context.Client.FindAsync(kind, secret, cancel);
        var certificate = WebhookCertificate.FromSecret(live, Plan.TrustedCaBundle(facts), secret.Namespace!, step.Context.Time);
        if (certificate is null)
        {
            certificate = WebhookCertificate.Create(secret.Namespace!, step.Context.Time);
            var document = certificate.ToSecret(secret);
            document.Json.Child("metadata")["labels"] = InstallPlan.LabelsOf(Plan.Profile);
            var planned = new PlannedObject(document, kind, InstallStage.Certificate, Keep: false, Shared: false);
            await SendAsync(planned, document, step, cancel);
        }
        Plan = InstallPlan.For(spec, facts with { Certificate = certificate });
    }

    /// <summary>What keeps the chosen components from being ready; null when they are, or run nowhere yet.</summary>
    public Message? WhatIsMissing(ClusterSnapshot cluster, Func<Component, bool> which)
    {
        var found = Component.FindAll(cluster).Where(component => component.Workload.Namespace == spec.Namespace).ToArray();
        foreach (var (name, generation) in _generations)
        {
            var seen = found.Any(component => component.WorkloadKind == name.Kind && component.Workload == name.Name);
            if (!seen || GenerationOf(cluster, name) < generation) return InstallTexts.WorkloadNotSeen(name);
        }
        return found.Where(which).FirstOrDefault(component => component.Health is not (ComponentHealth.Ready or ComponentHealth.Idle))?.Why;
    }

    public async Task VerifyAsync(StepRun step, CancellationToken cancel)
    {
        var live = await FactGathering.FindAsync(step.Context.Client, Plan.Objects.Select(planned => (planned.Kind, planned.Document)), cancel);
        var gone = Plan.Objects.FirstOrDefault(planned => !live.TryGetValue(planned.Name, out var found) || found.Metadata.IsBeingDeleted);
        if (gone is not null) throw new OperationFailedException(InstallTexts.VerifyMissing(gone.Name));
        foreach (var webhook in Plan.Objects.Where(planned => planned.Stage == InstallStage.Webhook && ObjectApply.CaBundles(planned.Document).Any()))
        {
            var trusted = ObjectApply.CaBundles(live[webhook.Name]);
            if (trusted.Any(bundle => bundle != ObjectApply.CaBundles(webhook.Document).First())) throw new OperationFailedException(InstallTexts.VerifyCertificate);
        }
        var cluster = step.Context.Cluster.Current;
        var prefix = Plan.Profile.Names.CapacityAnnotationPrefix;
        var reporting = cluster.Nodes.Items.Values.Count(node => node.Metadata.Annotations.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal)));
        var nodes = Component.FindAll(cluster).Where(component => component.Role == ComponentRole.Node && component.Workload.Namespace == spec.Namespace).Sum(component => component.Desired);
        step.Conclude(InstallTexts.Verified(Plan.Objects.Length, Math.Min(reporting, nodes), nodes));
    }

    private async Task ApplyAsync(PlannedObject planned, StepRun step, CancellationToken cancel)
    {
        var live = await step.Context.Client.FindAsync(planned.Kind, new(planned.Document.Namespace, planned.Document.Name), cancel);
        if (ObjectApply.DocumentFor(planned, live) is not { } document) return;
        var applied = await SendAsync(planned, document, step, cancel);
        if (planned.Document.Kind is "Deployment" or "DaemonSet") _generations[planned.Name] = applied.Metadata.Generation;
    }

    private static async Task<KubeObject> SendAsync(PlannedObject planned, KubeObject document, StepRun step, CancellationToken cancel)
    {
        try
        {
            var (result, kept) = await ObjectApply.SendAsync(planned, document, step.Cluster.ApplyAsync, dryRun: false, cancel);
            if (!kept.IsEmpty) step.Report(InstallTexts.ReportConflict(planned.Name, string.Join(", ", kept)));
            return result;
        }
        catch (KubeException refusal)
        {
            throw new OperationFailedException(ObjectApply.Explain(planned, refusal));
        }
    }

    private static long GenerationOf(ClusterSnapshot cluster, LiveName name) => name.Kind == "Deployment"
        ? cluster.Deployments.Items.GetValueOrDefault(name.Name)?.Metadata.Generation ?? 0
        : cluster.DaemonSets.Items.GetValueOrDefault(name.Name)?.Metadata.Generation ?? 0;
}
