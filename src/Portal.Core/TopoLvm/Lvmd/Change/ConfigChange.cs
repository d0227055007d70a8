using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Lvmd.Change;

/// <summary>The ConfigMap's part of a change: judged by the rules, saved without overwriting anybody, and put back.</summary>
internal sealed class ConfigChange(LvmdChangeSpec spec)
{
    private const int Attempts = 5;

    /// <summary>The group as the cluster shows it now.</summary>
    public LvmdGroup GroupIn(OperationContext context) => LvmdGroup.FindAll(context.Cluster.Current, Installation.Find(context.Cluster.Current)?.Names)
        .FirstOrDefault(group => group.DaemonSetName == spec.DaemonSet) ?? throw new OperationFailedException(ChangeTexts.NoGroup(spec.Group, spec.Namespace));

    public Task CheckAsync(StepRun step)
    {
        var state = StorageState.From(step.Context.Cluster.Current);
        var group = GroupIn(step.Context);
        var facts = LvmdRuleFacts.For(group, state);
        // What is saved already is judged against what was there before.
        if (group.Yaml == spec.After) facts = facts with { Before = spec.Before is null ? null : LvmdConfig.Read(spec.Before).Config };
        if (LvmdConfigRules.WhyNotSave(LvmdConfigRules.Check(LvmdConfig.Read(spec.After), facts)) is { } refused) throw new OperationFailedException(refused);
        return Task.CompletedTask;
    }

    public Task SaveAsync(StepRun step, CancellationToken cancel) => WriteAsync(step, spec.Before, spec.After, cancel);

    /// <summary>Puts the old text back, unless somebody has changed it since.</summary>
    public Task PutBackAsync(StepRun step, CancellationToken cancel) => spec.Before is null ? Task.CompletedTask : WriteAsync(step, spec.After, spec.Before, cancel);

    /// <summary>The checksum of the ConfigMap's content as it is in the cluster.</summary>
    public async Task<string> ChecksumAsync(StepRun step, CancellationToken cancel) =>
        ConfigChecksum.Of((await FindAsync(step, GroupIn(step.Context).ConfigMapObject, cancel))?.Json["data"] as JsonObject);

    private async Task WriteAsync(StepRun step, string? from, string to, CancellationToken cancel)
    {
        var group = GroupIn(step.Context);
        for (var attempt = 1; ; attempt++)
        {
            var live = await FindAsync(step, group.ConfigMapObject, cancel);
            var text = (string?)live?.Json["data"]?[group.Key];
            if (text == to) return;
            if (text != from) throw new OperationFailedException(ChangeTexts.EditedMeanwhile(group.ConfigMapName));
            try
            {
                // The version makes it conditional, so that taking over the field from edgeadm, Helm or kubectl overwrites nothing unseen.
                await step.Cluster.ApplyAsync(KindIn(step), DocumentFor(group, live, to), new WriteOptions { Force = true }, cancel);
                return;
            }
            catch (KubeException changed) when (changed.IsConflict && attempt < Attempts)
            {
                // Another field may have changed; the text is looked at again.
            }
        }
    }

    private static KubeObject DocumentFor(LvmdGroup group, KubeObject? live, string text)
    {
        var metadata = new JsonObject { ["namespace"] = group.Namespace, ["name"] = group.ConfigMapName };
        if (live is not null) metadata["resourceVersion"] = live.Metadata.ResourceVersion;
        // The label by which it is watched.
        metadata["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "topolvm" };
        return new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = metadata, ["data"] = new JsonObject { [group.Key] = text } });
    }

    private static Task<KubeObject?> FindAsync(StepRun step, ObjectName name, CancellationToken cancel) => step.Context.Client.FindAsync(KindIn(step), name, cancel);

    private static KubeKind<KubeObject> KindIn(StepRun step) =>
        step.Context.Cluster.Current.Api.Find(ConfigMap.Kind.ApiVersion, ConfigMap.Kind.Kind) ?? throw new OperationFailedException(OperationTexts.NoCluster);
}
