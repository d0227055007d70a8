using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Lvmd.Groups;

/// <summary>The steps of moving nodes between two lvmd configurations, each idempotent.</summary>
internal sealed class NodeMove(MoveNodesSpec spec)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private ObjectName Target => spec.IsReturn ? spec.BaseName : spec.GroupName;

    public Task CheckAsync(StepRun step)
    {
        if (MoveNodesOperation.WhyNotName(spec.Group) is { } badName) throw new OperationFailedException(badName);
        if (Find(step, spec.BaseName) is not { } common) throw new OperationFailedException(GroupTexts.NoGroup(spec.Base));
        if (common.IsEmbedded) throw new OperationFailedException(GroupTexts.Embedded);
        var cluster = step.Context.Cluster.Current;
        foreach (var node in spec.Nodes)
        {
            if (!cluster.Nodes.Items.TryGetValue(new(null, node), out var found) || !found.IsReady) throw new OperationFailedException(GroupTexts.NodeOffline(node));
        }
        if (spec.IsReturn && Find(step, spec.GroupName) is { } group)
        {
            // What the volumes on those nodes need must be in the common file too.
            var problems = LvmdConfigRules.Check(common.Reading, LvmdRuleFacts.For(group, StorageState.From(cluster)));
            if (LvmdConfigRules.WhyNotSave(problems) is { } refused) throw new OperationFailedException(refused);
        }
        return Task.CompletedTask;
    }

    /// <summary>ConfigMap first, then the base's exclusion, then the group's DaemonSet: so no node is selected twice at any moment.</summary>
    public async Task EnsureGroupAsync(StepRun step, CancellationToken cancel)
    {
        var common = Find(step, spec.BaseName) ?? throw new OperationFailedException(GroupTexts.NoGroup(spec.Base));
        var maps = Kind(step, ConfigMap.Kind);
        if (await step.Context.Client.FindAsync(maps, spec.GroupName, cancel) is null)
            await step.Cluster.CreateAsync(maps, GroupDaemonSet.ConfigMap(common, spec.Group), WriteOptions.Default, cancel);
        var sets = Kind(step, DaemonSet.Kind);
        var standing = await step.Context.Client.GetAsync(sets, spec.BaseName, cancel);
        if (GroupDaemonSet.ExcludingAffinity(standing) is { } affinity)
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = standing.Metadata.ResourceVersion },
                ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["affinity"] = affinity } } },
            };
            await step.Cluster.PatchAsync(DaemonSet.Kind, spec.BaseName, Patch.Merge(patch.ToJsonString()), WriteOptions.Default, cancel);
        }
        if (await step.Context.Client.FindAsync(sets, spec.GroupName, cancel) is null)
            await step.Cluster.CreateAsync(sets, GroupDaemonSet.CopyOf(standing, spec.Group, common.ConfigMapName), WriteOptions.Default, cancel);
        await step.WaitUntilAsync(_ => Find(step, spec.GroupName) is { Yaml: not null } ? null : GroupTexts.WaitingForGroup(spec.Group), Patience, cancel);
    }

    /// <summary>Takes a node out of one group, waits until that lvmd is gone, and puts it into the other.</summary>
    public async Task MoveAsync(string node, StepRun step, CancellationToken cancel)
    {
        var wanted = spec.IsReturn ? null : spec.Group;
        if (LabelOf(step, node) == wanted && Find(step, Target)?.Node(node) is { IsServing: true }) return;
        await PassAsync(node, wanted, step, cancel);
        try
        {
            await step.WaitUntilAsync(_ => WhatIsMissing(step, node), Patience, cancel);
        }
        catch (OperationFailedException failed)
        {
            // Back to where it worked.
            await PassAsync(node, spec.IsReturn ? spec.Group : null, step, cancel);
            throw new OperationFailedException(GroupTexts.MovedBack(node, failed.Problem));
        }
    }

    public async Task RemoveGroupAsync(StepRun step, CancellationToken cancel)
    {
        var left = step.Context.Cluster.Current.Nodes.Items.Values.Where(node => node.Metadata.Labels.GetValueOrDefault(GroupDaemonSet.NodeLabel) == spec.Group).Select(node => node.Metadata.Name).Order(StringComparer.Ordinal).ToArray();
        if (left.Length > 0) throw new OperationFailedException(GroupTexts.NodesLeft(spec.Group, string.Join(", ", left)));
        await step.Cluster.DeleteAsync(DaemonSet.Kind, spec.GroupName, DeleteOptions.Default, cancel);
        await step.Cluster.DeleteAsync(ConfigMap.Kind, spec.GroupName, DeleteOptions.Default, cancel);
        await step.WaitUntilAsync(_ => Find(step, spec.GroupName) is null ? null : GroupTexts.StillThere(spec.Group), Patience, cancel);
    }

    private static async Task PassAsync(string node, string? label, StepRun step, CancellationToken cancel)
    {
        // A node that lvmd has left already, and that is on the way, need not be stopped again.
        await LabelAsync(node, GroupDaemonSet.OnTheWay, step, cancel);
        await step.WaitUntilAsync(cluster => cluster.Pods.Items.Values.Any(pod => pod.Spec.NodeName == node && pod.Spec.Containers.Any(container => container.Name == "lvmd"))
            ? GroupTexts.WaitingForEnd(node) : null, Patience, cancel);
        await LabelAsync(node, label, step, cancel);
    }

    private static async Task LabelAsync(string node, string? label, StepRun step, CancellationToken cancel)
    {
        if (LabelOf(step, node) == label) return;
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [GroupDaemonSet.NodeLabel] = label } } };
        await step.Cluster.PatchAsync(Node.Kind, new ObjectName(null, node), Patch.Merge(patch.ToJsonString()), WriteOptions.Default, cancel);
        await step.WaitUntilAsync(_ => LabelOf(step, node) == label ? null : GroupTexts.WaitingForLabel(node), Patience, cancel);
    }

    private Message? WhatIsMissing(StepRun step, string node)
    {
        if (Find(step, Target)?.Node(node) is not { } found) return GroupTexts.WaitingForLabel(node);
        if (found.Lvmd is { } pod && pod.Status.ContainerStatuses.Any(container => container.Name == "lvmd" && (container.RestartCount > 0 || container.State.Terminated is not null)))
            throw new OperationFailedException(PodTrouble.Of(pod) ?? Change.ChangeTexts.KeepsEnding(node));
        return found.IsServing ? null : Change.ChangeTexts.WaitingForReady(node);
    }

    private static string? LabelOf(StepRun step, string node) =>
        step.Context.Cluster.Current.Nodes.Items.GetValueOrDefault(new(null, node))?.Metadata.Labels.GetValueOrDefault(GroupDaemonSet.NodeLabel);

    private static LvmdGroup? Find(StepRun step, ObjectName name) =>
        LvmdGroup.FindAll(step.Context.Cluster.Current, Installation.Find(step.Context.Cluster.Current)?.Names).FirstOrDefault(group => group.DaemonSetName == name);

    private static KubeKind<KubeObject> Kind(StepRun step, KubeKind kind) =>
        step.Context.Cluster.Current.Api.Find(kind.ApiVersion, kind.Kind) ?? throw new OperationFailedException(OperationTexts.NoCluster);
}
