using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>What <see cref="SchedulerOptionsOperation"/> is asked to do.</summary>
/// <param name="Namespace">TopoLVM's.</param>
/// <param name="Before">The file as the person saw it: another one that stands by now is not overwritten.</param>
/// <param name="After">The file as it shall be.</param>
public sealed record SchedulerOptionsChange(string Namespace, string Before, string After);

// topolvm-scheduler reads its options once. The write therefore only counts when the pods have started again, which a checksum
// in their template brings about; the same checksum that the install writes, so that an install later changes nothing.

/// <summary>Writes topolvm-scheduler's options and lets its pods start anew with them.</summary>
public sealed class SchedulerOptionsOperation(SchedulerOptionsChange change) : Operation
{
    public const string KindName = "scheduler-options";

    /// <summary>What the operation works on.</summary>
    public const string Subject = "scheduling";

    private const string Checksum = "checksum/config";

    // A field manager of its own: an apply in the install's name would take away every field that this one does not repeat.
    private static readonly WriteOptions Writes = new() { FieldManager = KubeClient.FieldManager + "-scheduling", Force = true };

    private readonly ObjectName _configMap = new(change.Namespace, SchedulerOptions.ConfigMap);
    private long _generation;

    public override string Kind => KindName;

    public override Message Title => SchedulingTexts.OptionsTitle(_configMap);

    public override ImmutableArray<string> Subjects => [Subject];

    /// <summary>How long the pods may take to start again.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(5);

#pragma warning disable IL2026, IL3050 // The agent, which is trimmed, has no journal of operations.
    public static SchedulerOptionsOperation FromJson(string json) =>
        new(JsonSerializer.Deserialize<SchedulerOptionsChange>(json) ?? throw new JsonException("null in place of a change of options"));

    public override string ToJson() => JsonSerializer.Serialize(change);
#pragma warning restore IL2026, IL3050

    public override Task<ImmutableArray<OperationStep>> PlanAsync(OperationContext context, CancellationToken cancel)
    {
        if (SchedulerOptionsFile.Parse(change.After).Problems is [var problem, ..]) throw new OperationFailedException(SchedulingTexts.OptionsWrong(problem.WithPlace));
        return Task.FromResult<ImmutableArray<OperationStep>>(
        [
            new("check", SchedulingTexts.StepCheckOptions, CheckAsync),
            new("write", SchedulingTexts.StepWriteOptions, WriteAsync),
            new("roll", SchedulingTexts.StepRollExtender, RollAsync),
            new("ready", SchedulingTexts.StepExtenderReady, (step, stop) => step.WaitUntilAsync(WhatIsMissing, ReadyWithin, stop)),
        ]);
    }

    /// <summary>Asks the server with a dry run whether it would take both changes, so that the first is not made without the second.</summary>
    private async Task CheckAsync(StepRun step, CancellationToken cancel)
    {
        var dry = Writes with { DryRun = true };
        if (await OptionsAsync(step, cancel) is var (kind, document)) await step.Context.Client.ApplyAsync(kind, document, dry, cancel);
        var (workload, found) = await WorkloadAsync(step, cancel);
        await step.Context.Client.ApplyAsync(workload, Rolled(workload, found, "checked"), dry, cancel);
    }

    private async Task WriteAsync(StepRun step, CancellationToken cancel)
    {
        if (await OptionsAsync(step, cancel) is not var (kind, document))
        {
            step.Report(SchedulingTexts.OptionsAreSo(_configMap));
            return;
        }
        try
        {
            await step.Cluster.ApplyAsync(kind, document, Writes, cancel);
        }
        catch (KubeException stale) when (stale.IsConflict)
        {
            throw new OperationFailedException(SchedulingTexts.OptionsEdited(_configMap));
        }
    }

    /// <summary>What is to be applied to the ConfigMap; null when it says so already.</summary>
    private async Task<(KubeKind<KubeObject> Kind, KubeObject Document)?> OptionsAsync(StepRun step, CancellationToken cancel)
    {
        var (kind, found) = await FindAsync(step, "v1", "ConfigMap", _configMap, cancel);
        if (found is null) throw new OperationFailedException(SchedulingTexts.OptionsMissing(_configMap));
        var standing = (string?)found.Json["data"]?[SchedulerOptions.FileName] ?? "";
        if (standing == change.After) return null;
        if (standing != change.Before) throw new OperationFailedException(SchedulingTexts.OptionsEdited(_configMap));
        var document = Named(kind, _configMap);
        // With it the server refuses when somebody was faster.
        document["metadata"]!["resourceVersion"] = found.Metadata.ResourceVersion;
        document["data"] = new JsonObject { [SchedulerOptions.FileName] = change.After };
        return (kind, new KubeObject(document));
    }

    private async Task RollAsync(StepRun step, CancellationToken cancel)
    {
        var (_, map) = await FindAsync(step, "v1", "ConfigMap", _configMap, cancel);
        var wanted = ConfigChecksum.Of(map?.Json["data"] as JsonObject);
        var (kind, found) = await WorkloadAsync(step, cancel);
        _generation = found.Metadata.Generation;
        if ((string?)found.Json["spec"]?["template"]?["metadata"]?["annotations"]?[Checksum] == wanted) return;
        var rolled = await step.Cluster.ApplyAsync(kind, Rolled(kind, found, wanted), Writes, cancel);
        _generation = rolled.Metadata.Generation;
    }

    private async Task<(KubeKind<KubeObject> Kind, KubeObject Found)> WorkloadAsync(StepRun step, CancellationToken cancel)
    {
        var workload = WorkloadIn(step.Context.Cluster.Current) ?? throw new OperationFailedException(SchedulingTexts.ExtenderMissing(change.Namespace));
        var (kind, found) = await FindAsync(step, "apps/v1", workload.WorkloadKind, workload.Workload, cancel);
        return (kind, found ?? throw new OperationFailedException(SchedulingTexts.ExtenderMissing(change.Namespace)));
    }

    private static KubeObject Rolled(KubeKind kind, KubeObject workload, string checksum)
    {
        var document = Named(kind, workload.Metadata.ObjectName);
        document["spec"] = new JsonObject
        {
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Checksum] = checksum } } },
        };
        return new(document);
    }

    /// <summary>What keeps the extender from answering with the new options; null when it does, or runs nowhere.</summary>
    private Message? WhatIsMissing(ClusterSnapshot cluster)
    {
        if (WorkloadIn(cluster) is not { } workload) return SchedulingTexts.ExtenderMissing(change.Namespace);
        // A snapshot may be older than what was just written.
        if (GenerationIn(cluster, workload) < _generation) return SchedulingTexts.RolloutNotSeen(workload.Workload);
        return workload.Health is ComponentHealth.Ready or ComponentHealth.Idle ? null : workload.Why ?? SchedulingTexts.RolloutNotSeen(workload.Workload);
    }

    private Component? WorkloadIn(ClusterSnapshot cluster) =>
        Component.FindAll(cluster).FirstOrDefault(component => component.Role == ComponentRole.Scheduler && component.Workload.Namespace == change.Namespace);

    private static long GenerationIn(ClusterSnapshot cluster, Component workload) => workload.WorkloadKind == "Deployment"
        ? cluster.Deployments.Items.GetValueOrDefault(workload.Workload)?.Metadata.Generation ?? 0
        : cluster.DaemonSets.Items.GetValueOrDefault(workload.Workload)?.Metadata.Generation ?? 0;

    private static async Task<(KubeKind<KubeObject> Kind, KubeObject? Found)> FindAsync(StepRun step, string apiVersion, string kind, ObjectName name, CancellationToken cancel)
    {
        var served = step.Context.Cluster.Current.Api.Find(apiVersion, kind) ?? (await step.Context.Client.DiscoverAsync(cancel)).Find(apiVersion, kind)
            ?? throw new OperationFailedException(SchedulingTexts.KindNotServed(apiVersion, kind));
        return (served, await step.Context.Client.FindAsync(served, name, cancel));
    }

    private static JsonObject Named(KubeKind kind, ObjectName name) => new()
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = new JsonObject { ["namespace"] = name.Namespace, ["name"] = name.Name },
    };
}
