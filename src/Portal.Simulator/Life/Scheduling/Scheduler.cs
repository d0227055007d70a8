using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>kube-scheduler: it binds pods to nodes, or says why none will do. TopoLVM's extender is asked where it is configured.</summary>
/// <param name="asksExtender">Whether kube-scheduler's configuration names TopoLVM's extender, where no pod of kube-scheduler tells by its flags.</param>
/// <param name="extenderWeight">The extender's weight in that configuration.</param>
public sealed class Scheduler(LifeContext context, bool asksExtender, int extenderWeight) : Controller("default-scheduler", context)
{
    // Where the configuration says that the extender is.
    private const int ExtenderPort = 9251;

    private static readonly string[] ConfigurationFlags = ["--policy-config-file=", "--config="];

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
        var fit = VolumeFit.Of(pod, Objects.Volumes);
        var nodes = Objects.Nodes.Values.Where(node => !node.Metadata.IsBeingDeleted).ToArray();
        if (fit.WhyNowhere is { } nowhere)
        {
            await RefuseAsync(pod, nowhere.StartsWith("pod has", StringComparison.Ordinal) ? $"0/{nodes.Length} nodes are available: {nodes.Length} {nowhere}." : nowhere, cancel);
            return;
        }
        var view = new SchedulerView(AsksExtender(), extenderWeight, AnsweringExtender()) { Pods = [.. Objects.Pods.Values], Placed = _placed };
        var verdicts = NodeChoice.Judge(pod, nodes, fit, view);
        var able = verdicts.Where(verdict => verdict.WillDo).ToArray();
        // kube-scheduler calls the extender on its own node: without one that answers, marked pods cannot be placed at all.
        if (able.Length > 0 && view is { AsksExtender: true, Extender: null } && NodeChoice.MarkOf(pod) is not null)
            await RefuseAsync(pod, $"Post \"http://127.0.0.1:{ExtenderPort}/predicate\": dial tcp 127.0.0.1:{ExtenderPort}: connect: connection refused", cancel);
        else if (able.Length == 0)
            await RefuseAsync(pod, Summary(nodes.Length, verdicts.SelectMany(verdict => verdict.Reasons)), cancel);
        else
            await PlaceAsync(pod, fit, able[_promises.GetValueOrDefault(pod.Metadata.Uid) % able.Length].Node, cancel);
    }

    private async Task PlaceAsync(KubeObject pod, VolumeFit fit, KubeObject node, CancellationToken cancel)
    {
        if (fit.Waiting.Count > 0)
        {
            var open = fit.Waiting.Where(claim => VolumeFit.SelectedNode(claim) is null).ToArray();
            // The pod is bound when the volumes are there; until then the claims carry the choice.
            foreach (var claim in open)
            {
                var annotations = new JsonObject { ["volume.kubernetes.io/selected-node"] = node.Name };
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = claim.Metadata.ResourceVersion, ["annotations"] = annotations } };
                await Client.PatchAsync(LifeKinds.Claims, claim.Metadata.ObjectName, Patch.Merge(patch.ToJsonString()), Writes, cancel);
            }
            // Only now: a write that was refused, because somebody else wrote the claim at the same time, has promised nothing.
            if (open.Length > 0) _promises[pod.Metadata.Uid] = _promises.GetValueOrDefault(pod.Metadata.Uid) + 1;
            return;
        }
        _placed[pod.Metadata.Uid] = node.Name;
        await Client.PatchAsync(LifeKinds.Pods, pod.Metadata.ObjectName, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["nodeName"] = node.Name } }.ToJsonString()), Writes, cancel);
        await Events.NormalAsync(LifeKinds.Pods, pod, "Scheduled", $"Successfully assigned {pod.Metadata.ObjectName} to {node.Name}", cancel);
    }

    /// <summary>What the flags of kube-scheduler's own pod say, or the scenario where there is no such pod.</summary>
    private bool AsksExtender()
    {
        var own = Objects.Pods.Values.Where(pod => pod.Namespace == "kube-system" && pod.Metadata.Labels.GetValueOrDefault("component") == "kube-scheduler").ToArray();
        return own.Length == 0 ? asksExtender : own.SelectMany(pod => pod.Json.Objects("spec", "containers")).SelectMany(container => container.Texts("command"))
            .Any(word => ConfigurationFlags.Any(flag => word.StartsWith(flag, StringComparison.Ordinal)));
    }

    private RunningExtender? AnsweringExtender() => Context.Nodes.Select(node => node.State.Current).Where(state => state.IsOnline)
        .Select(state => state.Extender).FirstOrDefault(extender => extender?.Port == ExtenderPort);

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
