using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>kube-scheduler: it binds pods to nodes, or says why none will do. TopoLVM's extender is asked where it is configured.</summary>
/// <param name="asksExtender">Whether kube-scheduler's configuration names TopoLVM's extender.</param>
public sealed class Scheduler(LifeContext context, bool asksExtender) : Controller("default-scheduler", context)
{
    // Pods this pass has placed, which the copy does not show yet.
    private readonly Dictionary<string, string> _placed = [];

    // How often a claim has been promised to a node: when the volume could not be made there, the next best one is tried.
    private readonly Dictionary<string, int> _promises = [];

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        var waiting = Objects.Pods.Values.Where(IsWaiting).OrderBy(pod => pod.Metadata.CreationTimestamp).ThenBy(pod => pod.Name, StringComparer.Ordinal).ToArray();
        foreach (var uid in _placed.Keys.Except(waiting.Select(pod => pod.Metadata.Uid)).ToArray()) _placed.Remove(uid);
        foreach (var pod in waiting.Where(pod => !_placed.ContainsKey(pod.Metadata.Uid) && Delays.IsOver(pod.Metadata.Uid, Context.Pace.Scheduling)))
            await AttemptAsync("pod " + pod.Metadata.Uid, () => ScheduleAsync(pod, cancel));
    }

    private static bool IsWaiting(KubeObject pod) => pod.Json.Text("spec", "nodeName").Length == 0 && !pod.Metadata.IsBeingDeleted && !PodRules.HasEnded(pod)
        && pod.Json.Text("spec", "schedulerName") is "" or "default-scheduler";

    private async Task ScheduleAsync(KubeObject pod, CancellationToken cancel)
    {
        var fit = VolumeFit.Of(pod, Objects);
        var nodes = Objects.Nodes.Values.Where(node => !node.Metadata.IsBeingDeleted).OrderBy(node => node.Name, StringComparer.Ordinal).ToArray();
        if (fit.WhyNowhere is { } nowhere)
        {
            await RefuseAsync(pod, nowhere.StartsWith("pod has", StringComparison.Ordinal) ? $"0/{nodes.Length} nodes are available: {nodes.Length} {nowhere}." : nowhere, cancel);
            return;
        }
        var verdicts = nodes.Select(node => (Node: node, Reasons: WhyNot(pod, node, fit))).ToArray();
        var able = verdicts.Where(verdict => verdict.Reasons.Length == 0).Select(verdict => verdict.Node).ToArray();
        if (able.Length > 0 && ExtenderProblem(pod) is { } problem)
        {
            await RefuseAsync(pod, problem, cancel);
            return;
        }
        if (able.Length == 0)
        {
            await RefuseAsync(pod, Summary(nodes.Length, verdicts.SelectMany(verdict => verdict.Reasons)), cancel);
            return;
        }
        var ranked = able.OrderByDescending(node => Score(pod, node)).ThenBy(PodsOn).ToArray();
        await PlaceAsync(pod, fit, ranked[_promises.GetValueOrDefault(pod.Metadata.Uid) % ranked.Length], cancel);
    }

    private async Task PlaceAsync(KubeObject pod, VolumeFit fit, KubeObject node, CancellationToken cancel)
    {
        if (fit.Waiting.Count > 0)
        {
            if (fit.Waiting.Any(claim => VolumeFit.SelectedNode(claim) is null)) _promises[pod.Metadata.Uid] = _promises.GetValueOrDefault(pod.Metadata.Uid) + 1;
            // The pod is bound when the volumes are there; until then the claims carry the choice.
            foreach (var claim in fit.Waiting.Where(claim => VolumeFit.SelectedNode(claim) is null))
            {
                var annotations = new JsonObject { ["volume.kubernetes.io/selected-node"] = node.Name };
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = claim.Metadata.ResourceVersion, ["annotations"] = annotations } };
                await Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, Patch.Merge(patch.ToJsonString()), Writes, cancel);
            }
            return;
        }
        _placed[pod.Metadata.Uid] = node.Name;
        await Client.PatchAsync(LifeKinds.Pods, pod.Metadata.ObjectName, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["nodeName"] = node.Name } }.ToJsonString()), Writes, cancel);
        await Events.NormalAsync(LifeKinds.Pods, pod, "Scheduled", $"Successfully assigned {pod.Metadata.ObjectName} to {node.Name}", cancel);
    }

    private string[] WhyNot(KubeObject pod, KubeObject node, VolumeFit fit)
    {
        if (NodeFit.WhyNot(pod.Json["spec"], node) is { } own) return [own];
        if (fit.WhyNot(node) is { } volumes) return [volumes];
        if (!Neighbours.Allow(pod, node, Objects.Pods.Values, _placed)) return ["node(s) didn't match pod affinity/anti-affinity", "node(s) didn't match pod anti-affinity rules"];
        var (extended, names) = ResourceOf(pod);
        if (extended is null) return [];
        if (!asksExtender) return ["Insufficient " + extended];
        return TopoLvmExtender.WhyNot(names, pod, node) is { } space ? [space] : [];
    }

    /// <summary>The resource by which TopoLVM's webhook marks pods for the extender; null when this pod is not marked.</summary>
    private static (string? Resource, TopoLvmNames Names) ResourceOf(KubeObject pod)
    {
        var requested = pod.Json.Objects("spec", "containers").SelectMany(container => container.Entries("resources", "requests")).Select(entry => entry.Key).ToHashSet();
        var names = TopoLvmNames.All.FirstOrDefault(names => requested.Contains(names.CapacityResource));
        return (names?.CapacityResource, names ?? TopoLvmNames.Current);
    }

    /// <summary>kube-scheduler calls the extender on its own node: without one that answers, marked pods cannot be placed at all.</summary>
    private string? ExtenderProblem(KubeObject pod)
    {
        if (ResourceOf(pod).Resource is null || !asksExtender) return null;
        var answers = Objects.Pods.Values.Any(one => PodRules.IsReady(one) && one.Json.Objects("spec", "containers").Any(container => RunningController.Executable(container) == "topolvm-scheduler"));
        return answers ? null : "Post \"http://127.0.0.1:9251/predicate\": dial tcp 127.0.0.1:9251: connect: connection refused";
    }

    private static int Score(KubeObject pod, KubeObject node) => ResourceOf(pod) is ({ }, var names) ? TopoLvmExtender.Score(names, pod, node) : 0;

    private int PodsOn(KubeObject node) => Objects.Pods.Values.Count(pod => pod.Json.Text("spec", "nodeName") == node.Name) + _placed.Values.Count(placed => placed == node.Name);

    private static string Summary(int nodes, IEnumerable<string> reasons)
    {
        var counted = reasons.GroupBy(reason => reason).Select(group => $"{group.Count()} {group.Key}").Order(StringComparer.Ordinal);
        return $"0/{nodes} nodes are available: {string.Join(", ", counted)}.";
    }

    private async Task RefuseAsync(KubeObject pod, string message, CancellationToken cancel)
    {
        await Events.WarningAsync(LifeKinds.Pods, pod, "FailedScheduling", message, cancel);
        var before = pod.Json.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "PodScheduled");
        if (before.Text("message") == message) return;
        var conditions = Nodes.PodStatus.WithCondition(pod.Json["status"], "PodScheduled", false, "Unschedulable", message, Now);
        var patch = new JsonObject { ["status"] = new JsonObject { ["phase"] = "Pending", ["conditions"] = conditions } };
        await Client.PatchAsync(LifeKinds.Pods, pod.Metadata.ObjectName, Patch.Merge(patch.ToJsonString()), Writes, cancel, "status");
    }
}
