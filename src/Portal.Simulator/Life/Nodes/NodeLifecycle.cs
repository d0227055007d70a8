using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>Says of nodes that no longer report that nothing is known of them, and of their pods that they are not ready. Of nodes that others
/// play it knows what their Node says.</summary>
public sealed class NodeLifecycle(LifeContext context) : Controller("node-controller", context)
{
    private const string Unreachable = "node.kubernetes.io/unreachable";

    // Static pods may be there before their node has registered.
    private readonly HashSet<string> _seen = [];

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        _seen.UnionWith(Objects.Nodes.Keys.Select(name => name.Name));
        foreach (var node in Context.Nodes)
        {
            if (Objects.Nodes.GetValueOrDefault(new(null, node.Name)) is { } found)
                await AttemptAsync("node " + node.Name, () => ReconcileAsync(node, found, cancel));
        }
        foreach (var node in Objects.Nodes.Values.Where(node => !Context.Nodes.Any(own => own.Name == node.Name)))
            await AttemptAsync("node " + node.Name, () => FollowConditionAsync(node, cancel));
        foreach (var pod in Objects.PodsByNode.Where(group => IsGone(group.Key)).SelectMany(group => group.Value).Where(pod => Delays.IsOver("orphan " + pod.Metadata.Uid, Context.Pace.NodeGrace)))
            await AttemptAsync("pod " + pod.Metadata.Uid, () => RemoveAsync(pod, cancel));
    }

    /// <summary>Whether a node no longer exists: nobody else would ever remove its pods.</summary>
    private bool IsGone(string node) => !Objects.Nodes.ContainsKey(new(null, node)) && _seen.Contains(node);

    private Task<bool> RemoveAsync(KubeObject pod, CancellationToken cancel) =>
        Client.DeleteAsync(LifeKinds.Pods, pod.Metadata.ObjectName, new DeleteOptions { Uid = pod.Metadata.Uid, GracePeriodSeconds = 0 }, cancel);

    private async Task ReconcileAsync(SimulatedNode node, KubeObject found, CancellationToken cancel)
    {
        var tainted = IsTainted(found);
        if (node.State.Current.IsOnline)
        {
            if (tainted) await TaintAsync(found, false, cancel);
            return;
        }
        if (!Delays.IsOver("silent " + node.Name, Context.Pace.NodeGrace)) return;
        if (found.Json.Objects("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True")) await DoubtAsync(found, cancel);
        if (!tainted) await TaintAsync(found, true, cancel);
        foreach (var pod in Objects.PodsOn(node.Name).Where(PodRules.IsReady))
        {
            var conditions = PodStatus.WithCondition(pod.Json["status"], "Ready", false, null, null, Now);
            await PatchStatusAsync(LifeKinds.Pods, pod, conditions, cancel);
        }
    }

    /// <summary>The taint follows the condition Ready, whoever has written that.</summary>
    private Task FollowConditionAsync(KubeObject node, CancellationToken cancel)
    {
        var ready = node.Json.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready").Text("status");
        var isUnreachable = ready == "Unknown";
        return ready.Length == 0 || isUnreachable == IsTainted(node) ? Task.CompletedTask : TaintAsync(node, isUnreachable, cancel);
    }

    private static bool IsTainted(KubeObject node) => node.Json.Objects("spec", "taints").Any(taint => taint.Text("key") == Unreachable);

    private async Task DoubtAsync(KubeObject found, CancellationToken cancel)
    {
        var conditions = found.Json.Objects("status", "conditions").Select(condition =>
        {
            var doubted = condition.DeepClone();
            doubted["status"] = "Unknown";
            doubted["reason"] = "NodeStatusUnknown";
            doubted["message"] = "Kubelet stopped posting node status.";
            doubted["lastTransitionTime"] = Now.Timestamp();
            return doubted;
        });
        await PatchStatusAsync(LifeKinds.Nodes, found, [.. conditions], cancel);
    }

    private Task<KubeObject> PatchStatusAsync(KubeKind<KubeObject> kind, KubeObject about, JsonArray conditions, CancellationToken cancel) =>
        Client.PatchAsync(kind, about.Metadata.ObjectName, Patch.Merge(new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }.ToJsonString()), Writes, cancel, "status");

    private async Task TaintAsync(KubeObject found, bool isUnreachable, CancellationToken cancel)
    {
        var taints = new JsonArray([.. found.Json.Objects("spec", "taints").Where(taint => taint.Text("key") != Unreachable).Select(taint => taint.DeepClone())]);
        if (isUnreachable)
        {
            taints.Add((JsonNode)new JsonObject { ["key"] = Unreachable, ["effect"] = "NoSchedule", ["timeAdded"] = Now.Timestamp() });
            taints.Add((JsonNode)new JsonObject { ["key"] = Unreachable, ["effect"] = "NoExecute", ["timeAdded"] = Now.Timestamp() });
        }
        var patch = new JsonObject { ["spec"] = new JsonObject { ["taints"] = taints } };
        await Client.PatchAsync(LifeKinds.Nodes, found.Metadata.ObjectName, Patch.Merge(patch.ToJsonString()), Writes, cancel);
    }
}
