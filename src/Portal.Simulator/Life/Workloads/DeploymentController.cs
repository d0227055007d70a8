using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Workloads;

/// <summary>Keeps a ReplicaSet for each template of a Deployment, and moves replicas from older ones to the current one.</summary>
public sealed class DeploymentController(LifeContext context) : Controller("deployment-controller", context)
{
    private const string Revision = "deployment.kubernetes.io/revision";

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var deployment in Objects.Deployments.Values.Where(deployment => !deployment.Metadata.IsBeingDeleted))
            await AttemptAsync("deployment " + deployment.Metadata.Uid, () => ReconcileAsync(deployment, cancel));
    }

    private async Task ReconcileAsync(KubeObject deployment, CancellationToken cancel)
    {
        var sets = Objects.ReplicaSets.Values.Where(set => PodRules.IsOwnedBy(set, deployment) && !set.Metadata.IsBeingDeleted).ToArray();
        var hash = PodTemplate.HashOf(deployment);
        var current = sets.FirstOrDefault(set => set.Metadata.Labels.GetValueOrDefault("pod-template-hash") == hash);
        var desired = deployment.Json.Number(1, "spec", "replicas");
        if (current is null)
        {
            var revision = 1 + sets.Select(set => int.TryParse(set.Metadata.Annotations.GetValueOrDefault(Revision), out var number) ? number : 0).DefaultIfEmpty().Max();
            await Client.CreateAsync(LifeKinds.ReplicaSets, ReplicaSetFor(deployment, hash, revision, sets.Length == 0 ? desired : 0), Writes, cancel);
            return;
        }
        var old = sets.Where(set => set != current).ToArray();
        var (up, down) = Move(deployment, current, old, desired);
        await ScaleAsync(current, up, cancel);
        foreach (var set in old)
        {
            var replicas = set.Json.Number(0, "spec", "replicas");
            var taken = Math.Min(replicas, down);
            down -= taken;
            await ScaleAsync(set, replicas - taken, cancel);
        }
        await WriteStatusAsync(deployment, current, sets, desired, cancel);
    }

    /// <summary>How many replicas the current set gets, and how many the older ones lose.</summary>
    private static (int Up, int Down) Move(KubeObject deployment, KubeObject current, KubeObject[] old, int desired)
    {
        var oldReplicas = old.Sum(set => set.Json.Number(0, "spec", "replicas"));
        if (oldReplicas == 0 && old.All(set => set.Json.Number(0, "status", "replicas") == 0)) return (desired, 0);
        if (deployment.Json.Text("spec", "strategy", "type") == "Recreate") return (0, oldReplicas);
        var surge = Share(deployment.Json.Text("spec", "strategy", "rollingUpdate", "maxSurge"), desired, roundsUp: true);
        var missing = Share(deployment.Json.Text("spec", "strategy", "rollingUpdate", "maxUnavailable"), desired, roundsUp: false);
        if (surge == 0 && missing == 0) missing = 1;
        var up = Math.Min(desired, Math.Max(current.Json.Number(0, "spec", "replicas"), desired + surge - oldReplicas));
        var available = old.Append(current).Sum(set => set.Json.Number(0, "status", "availableReplicas"));
        var broken = old.Sum(set => set.Json.Number(0, "spec", "replicas") - set.Json.Number(0, "status", "availableReplicas"));
        return (up, Math.Max(broken, Math.Min(oldReplicas, available - (desired - missing))));
    }

    /// <summary>A number of pods, or a percentage of the desired ones; 25% where it is absent.</summary>
    private static int Share(string text, int desired, bool roundsUp)
    {
        if (text.Length == 0) text = "25%";
        if (!text.EndsWith('%')) return int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var part = desired * int.Parse(text[..^1], System.Globalization.CultureInfo.InvariantCulture) / 100.0;
        return (int)(roundsUp ? Math.Ceiling(part) : Math.Floor(part));
    }

    private async Task ScaleAsync(KubeObject set, int replicas, CancellationToken cancel)
    {
        if (set.Json.Number(-1, "spec", "replicas") == replicas) return;
        await Client.PatchAsync(LifeKinds.ReplicaSets, set.Metadata.ObjectName, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }.ToJsonString()), Writes, cancel);
    }

    private async Task WriteStatusAsync(KubeObject deployment, KubeObject current, KubeObject[] sets, int desired, CancellationToken cancel)
    {
        var replicas = sets.Sum(set => set.Json.Number(0, "status", "replicas"));
        var available = sets.Sum(set => set.Json.Number(0, "status", "availableReplicas"));
        var updated = current.Json.Number(0, "status", "replicas");
        var enough = available >= desired - Share(deployment.Json.Text("spec", "strategy", "rollingUpdate", "maxUnavailable"), desired, roundsUp: false);
        var done = updated == desired && replicas == desired && available == desired;
        var status = new JsonObject { ["conditions"] = deployment.Json["status"].At("conditions")?.DeepClone() };
        status["conditions"] = Nodes.PodStatus.WithCondition(status, "Available", enough,
            enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", Now);
        status["conditions"] = Nodes.PodStatus.WithCondition(status, "Progressing", true, done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
            $"ReplicaSet \"{current.Name}\" {(done ? "has successfully progressed" : "is progressing")}.", Now);
        status["observedGeneration"] = deployment.Metadata.Generation;
        status["replicas"] = replicas;
        status["updatedReplicas"] = updated;
        status["readyReplicas"] = available;
        status["availableReplicas"] = available;
        status["unavailableReplicas"] = Math.Max(0, Math.Max(desired, replicas) - available);
        if (status.IsContainedIn(deployment.Json["status"])) return;
        await Client.PatchAsync(LifeKinds.Deployments, deployment.Metadata.ObjectName, Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), Writes, cancel, "status");
    }

    public static KubeObject ReplicaSetFor(KubeObject deployment, string hash, int revision, int replicas)
    {
        var template = deployment.Json["spec"].At("template")!.DeepClone();
        if (template["metadata"] is null) template["metadata"] = new JsonObject();
        if (template["metadata"]!["labels"] is null) template["metadata"]!["labels"] = new JsonObject();
        template["metadata"]!["labels"]!["pod-template-hash"] = hash;
        var selector = deployment.Json["spec"].At("selector")!.DeepClone();
        if (selector["matchLabels"] is null) selector["matchLabels"] = new JsonObject();
        selector["matchLabels"]!["pod-template-hash"] = hash;
        return new KubeObject(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name}-{hash}",
                ["namespace"] = deployment.Namespace,
                ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                ["annotations"] = new JsonObject { [Revision] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture) },
                ["ownerReferences"] = new JsonArray(PodRules.OwnedBy(LifeKinds.Deployments, deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
        });
    }
}
