using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Workloads;

/// <summary>As many pods as each ReplicaSet asks for.</summary>
public sealed class ReplicaSetController(LifeContext context) : Controller("replicaset-controller", context)
{
    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var set in Objects.ReplicaSets.Values.Where(set => !set.Metadata.IsBeingDeleted))
            await AttemptAsync("replicaset " + set.Metadata.Uid, () => ReconcileAsync(set, cancel));
    }

    private async Task ReconcileAsync(KubeObject set, CancellationToken cancel)
    {
        var owned = Objects.PodsOf(set.Metadata.Uid);
        var pods = owned.Where(pod => !pod.Metadata.IsBeingDeleted && !PodRules.HasEnded(pod)).ToArray();
        var wanted = set.Json.Number(1, "spec", "replicas");
        await WriteStatusAsync(set, pods, cancel);
        // Each slot's name changes when a pod of that name has been there, which may still be ending.
        var taken = owned.Select(pod => pod.Name).ToHashSet();
        for (var (slot, missing) = (0, wanted - pods.Length); missing > 0; slot++)
        {
            var name = PodTemplate.NameFor(set, slot.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (!taken.Add(name)) continue;
            missing--;
            await CreateAsync(set, name, cancel);
        }
        foreach (var pod in pods.OrderBy(PodRules.IsReady).ThenByDescending(pod => pod.Metadata.CreationTimestamp).Take(Math.Max(0, pods.Length - wanted)))
            await Client.DeleteAsync(LifeKinds.Pods, pod.Metadata.ObjectName, new DeleteOptions { Uid = pod.Metadata.Uid }, cancel);
    }

    private async Task CreateAsync(KubeObject set, string name, CancellationToken cancel)
    {
        try
        {
            await Client.CreateAsync(LifeKinds.Pods, PodTemplate.PodFor(LifeKinds.ReplicaSets, set, name), Writes, cancel);
        }
        catch (KubeException refused) when (!refused.IsAlreadyExists)
        {
            await Events.WarningAsync(LifeKinds.ReplicaSets, set, "FailedCreate", "Error creating: " + refused.Status.Message, cancel);
            throw;
        }
    }

    private async Task WriteStatusAsync(KubeObject set, KubeObject[] pods, CancellationToken cancel)
    {
        var ready = pods.Count(PodRules.IsReady);
        var status = new JsonObject
        {
            ["observedGeneration"] = set.Metadata.Generation,
            ["replicas"] = pods.Length,
            ["fullyLabeledReplicas"] = pods.Length,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
        };
        if (status.IsContainedIn(set.Json["status"])) return;
        await Client.PatchAsync(LifeKinds.ReplicaSets, set.Metadata.ObjectName, Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), Writes, cancel, "status");
    }
}
