using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Scheduling;

namespace Portal.Simulator.Life.Workloads;

/// <summary>One pod of each DaemonSet on every node that its template allows.</summary>
public sealed class DaemonSetController(LifeContext context) : Controller("daemonset-controller", context)
{
    private const string Revision = "controller-revision-hash";

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var set in Objects.DaemonSets.Values.Where(set => !set.Metadata.IsBeingDeleted))
            await AttemptAsync("daemonset " + set.Metadata.Uid, () => ReconcileAsync(set, cancel));
    }

    private async Task ReconcileAsync(KubeObject set, CancellationToken cancel)
    {
        var hash = PodTemplate.HashOf(set);
        var pods = Objects.PodsOf(set.Metadata.Uid).ToLookup(NodeOf);
        var spec = WithOwnTolerations(set.Json["spec"].At("template", "spec"));
        var wanted = Objects.Nodes.Values.Where(node => NodeFit.WhyNot(spec, node) is null).OrderBy(node => node.Name, StringComparer.Ordinal).ToArray();
        var names = wanted.Select(node => node.Name).ToHashSet();
        var kept = Objects.Nodes.Values.Where(node => MayStay(spec, node)).Select(node => node.Name).ToHashSet();
        var surplus = pods.SelectMany(group => kept.Contains(group.Key) ? group.OrderBy(pod => pod.Metadata.CreationTimestamp).Skip(1) : group);
        foreach (var pod in surplus.Where(pod => !pod.Metadata.IsBeingDeleted)) await DeleteAsync(pod, cancel);
        foreach (var node in wanted.Where(node => !pods[node.Name].Any()))
            await Client.CreateAsync(LifeKinds.Pods, PodOn(set, node.Name, hash), Writes, cancel);
        foreach (var pod in pods.SelectMany(group => group).Where(pod => PodRules.HasEnded(pod) && !pod.Metadata.IsBeingDeleted))
            await DeleteAsync(pod, cancel);
        await RollAsync(set, hash, [.. wanted.SelectMany(node => pods[node.Name])], wanted.Length, cancel);
        await WriteStatusAsync(set, hash, [.. wanted.Select(node => pods[node.Name].FirstOrDefault())], pods.Count(group => !names.Contains(group.Key)), cancel);
    }

    /// <summary>A taint that came later keeps new pods away; only one with NoExecute drives out those that are there.</summary>
    private static bool MayStay(JsonNode? spec, KubeObject node) => NodeFit.MatchesAffinity(spec, node)
        && node.Json.Objects("spec", "taints").All(taint => taint.Text("effect") != "NoExecute" || NodeFit.IsTolerated(spec, taint));

    /// <summary>Replaces pods of an older template, as many at a time as may be unavailable.</summary>
    private async Task RollAsync(KubeObject set, string hash, KubeObject[] pods, int wanted, CancellationToken cancel)
    {
        if (set.Json.Text("spec", "updateStrategy", "type") == "OnDelete") return;
        var old = pods.Where(pod => pod.Metadata.Labels.GetValueOrDefault(Revision) != hash && !pod.Metadata.IsBeingDeleted).ToArray();
        var allowed = Math.Max(1, Unavailable(set.Json.Text("spec", "updateStrategy", "rollingUpdate", "maxUnavailable"), wanted));
        var room = allowed - (wanted - pods.Count(PodRules.IsReady));
        // A pod that is not ready anyway costs nothing.
        foreach (var pod in old.Where(pod => !PodRules.IsReady(pod)).Concat(old.Where(PodRules.IsReady).Take(Math.Max(0, room)))) await DeleteAsync(pod, cancel);
    }

    /// <summary>A number of pods, or a percentage of the nodes, rounded up; 1 where it is absent.</summary>
    private static int Unavailable(string text, int wanted)
    {
        var number = int.TryParse(text.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture, out var read) ? read : 1;
        return text.EndsWith('%') ? (int)Math.Ceiling(wanted * number / 100.0) : number;
    }

    private async Task WriteStatusAsync(KubeObject set, string hash, KubeObject?[] pods, int misscheduled, CancellationToken cancel)
    {
        var ready = pods.Count(pod => pod is not null && PodRules.IsReady(pod));
        var status = new JsonObject
        {
            ["observedGeneration"] = set.Metadata.Generation,
            ["currentNumberScheduled"] = pods.Count(pod => pod is not null),
            ["desiredNumberScheduled"] = pods.Length,
            ["numberMisscheduled"] = misscheduled,
            ["numberReady"] = ready,
            ["numberAvailable"] = ready,
            ["numberUnavailable"] = pods.Length - ready,
            ["updatedNumberScheduled"] = pods.Count(pod => pod?.Metadata.Labels.GetValueOrDefault(Revision) == hash),
        };
        if (status.IsContainedIn(set.Json["status"])) return;
        await Client.PatchAsync(LifeKinds.DaemonSets, set.Metadata.ObjectName, Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), Writes, cancel, "status");
    }

    private Task<bool> DeleteAsync(KubeObject pod, CancellationToken cancel) =>
        Client.DeleteAsync(LifeKinds.Pods, pod.Metadata.ObjectName, new DeleteOptions { Uid = pod.Metadata.Uid }, cancel);

    public static KubeObject PodOn(KubeObject set, string node, string hash)
    {
        var pod = PodTemplate.PodFor(LifeKinds.DaemonSets, set, PodTemplate.NameFor(set, node, hash), (Revision, hash));
        var spec = WithOwnTolerations(pod.Json["spec"]);
        var only = new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(node) };
        var affinity = spec["affinity"] as JsonObject ?? [];
        affinity["nodeAffinity"] = new JsonObject
        {
            ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
            {
                ["nodeSelectorTerms"] = new JsonArray(new JsonObject { ["matchFields"] = new JsonArray(only) }),
            },
        };
        spec["affinity"] = affinity;
        pod.Json["spec"] = spec;
        return pod;
    }

    /// <summary>A pod's node, or the one it is made for.</summary>
    private static string NodeOf(KubeObject pod) => pod.Json.Text("spec", "nodeName") is { Length: > 0 } node
        ? node
        : pod.Json["spec"].At("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution").Objects("nodeSelectorTerms")
            .SelectMany(term => term.Objects("matchFields")).SelectMany(field => field.Texts("values")).FirstOrDefault("");

    /// <summary>Pods of DaemonSets stay where other pods would be driven away.</summary>
    public static JsonObject WithOwnTolerations(JsonNode? podSpec)
    {
        var spec = podSpec?.DeepClone().AsObject() ?? [];
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        foreach (var (key, effect) in OwnTolerations)
            tolerations.Add((JsonNode)new JsonObject { ["key"] = "node.kubernetes.io/" + key, ["operator"] = "Exists", ["effect"] = effect });
        spec["tolerations"] = tolerations;
        return spec;
    }

    private static readonly (string Key, string Effect)[] OwnTolerations =
    [
        ("not-ready", "NoExecute"), ("unreachable", "NoExecute"), ("disk-pressure", "NoSchedule"), ("memory-pressure", "NoSchedule"),
        ("pid-pressure", "NoSchedule"), ("unschedulable", "NoSchedule"),
    ];
}
