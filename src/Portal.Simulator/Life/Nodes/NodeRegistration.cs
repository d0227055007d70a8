using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>Writes the Node, its status and its CSINode, as a kubelet does at its start and when a CSI driver registers.</summary>
internal sealed class NodeRegistration(LifeContext context, WriteOptions writes)
{
    private readonly HashSet<string> _registered = [];

    public async Task ReconcileAsync(SimulatedNode node, CancellationToken cancel)
    {
        var found = context.Objects.Nodes.GetValueOrDefault(new(null, node.Name));
        var online = node.State.Current.IsOnline;
        if (_registered.Add(node.Name))
        {
            if (found is null) await CreateAsync(node, online, cancel);
            return;
        }
        if (found is null || found.Metadata.IsBeingDeleted || !online) return;
        if (found.Json.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready").Text("status") != "True")
            await WriteStatusAsync(node, true, cancel);
        await RegisterDriversAsync(node, found, cancel);
    }

    private async Task CreateAsync(SimulatedNode node, bool online, CancellationToken cancel)
    {
        var scenario = node.Scenario;
        var labels = new JsonObject
        {
            ["kubernetes.io/hostname"] = node.Name,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = scenario.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["beta.kubernetes.io/arch"] = scenario.Architecture,
        };
        foreach (var (key, value) in scenario.Labels) labels[key] = value;
        var taints = new JsonArray([.. scenario.Taints.Select(TaintOf)]);
        await context.Client.CreateAsync(LifeKinds.Nodes, new KubeObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = node.Name, ["labels"] = labels },
            ["spec"] = new JsonObject { ["taints"] = taints },
        }), writes, cancel);
        await WriteStatusAsync(node, online, cancel);
    }

    private async Task WriteStatusAsync(SimulatedNode node, bool online, CancellationToken cancel)
    {
        var scenario = node.Scenario;
        JsonObject Capacity() => new() { ["cpu"] = scenario.Cpu, ["memory"] = scenario.Memory, ["pods"] = "110", ["ephemeral-storage"] = "100Gi" };
        var status = new JsonObject
        {
            ["capacity"] = Capacity(),
            ["allocatable"] = Capacity(),
            ["conditions"] = Conditions(context.Time.GetUtcNow() - (scenario.OfflineFor ?? TimeSpan.Zero), context.Time.GetUtcNow(), online),
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = scenario.Address },
                new JsonObject { ["type"] = "Hostname", ["address"] = node.Name }),
            ["nodeInfo"] = await NodeInfoAsync(node, cancel),
        };
        await context.Client.PatchAsync(LifeKinds.Nodes, new(null, node.Name), Patch.Merge(new JsonObject { ["status"] = status }.ToJsonString()), writes, cancel, "status");
    }

    private async Task<JsonObject> NodeInfoAsync(SimulatedNode node, CancellationToken cancel)
    {
        var version = (await context.Client.DiscoverAsync(cancel)).Version.GitVersion;
        return new JsonObject
        {
            ["architecture"] = node.Scenario.Architecture,
            ["bootID"] = node.Name,
            ["containerRuntimeVersion"] = node.Scenario.ContainerRuntime,
            ["kernelVersion"] = node.Scenario.KernelVersion,
            ["kubeProxyVersion"] = version,
            ["kubeletVersion"] = version,
            ["machineID"] = node.Name,
            ["operatingSystem"] = "linux",
            ["osImage"] = node.Scenario.OsImage,
            ["systemUUID"] = node.Name,
        };
    }

    private static JsonArray Conditions(DateTimeOffset lastHeard, DateTimeOffset now, bool online)
    {
        JsonObject Condition(string type, string status, string reason, string message) => new()
        {
            ["type"] = type,
            ["status"] = online ? status : "Unknown",
            ["reason"] = online ? reason : "NodeStatusUnknown",
            ["message"] = online ? message : "Kubelet stopped posting node status.",
            ["lastHeartbeatTime"] = (online ? now : lastHeard).Timestamp(),
            ["lastTransitionTime"] = (online ? now : lastHeard).Timestamp(),
        };
        return
        [
            Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ];
    }

    private async Task RegisterDriversAsync(SimulatedNode node, KubeObject found, CancellationToken cancel)
    {
        var drivers = node.State.Current.CsiDrivers;
        var labels = new JsonObject();
        foreach (var key in drivers.Values.Where(key => found.Metadata.Labels.GetValueOrDefault(key) != node.Name)) labels[key] = node.Name;
        if (labels.Count > 0)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
            await context.Client.PatchAsync(LifeKinds.Nodes, new(null, node.Name), Patch.Merge(patch.ToJsonString()), writes, cancel);
        }
        var wanted = new JsonObject
        {
            ["drivers"] = new JsonArray([.. drivers.Select(driver => new JsonObject
            {
                ["name"] = driver.Key,
                ["nodeID"] = node.Name,
                ["topologyKeys"] = new JsonArray(driver.Value),
            })]),
        };
        var csiNode = context.Objects.CsiNodes.GetValueOrDefault(new(null, node.Name));
        if (csiNode is null)
        {
            await context.Client.CreateAsync(LifeKinds.CsiNodes, CsiNode(node, found, wanted), writes, cancel);
            return;
        }
        var registered = csiNode.Json.Objects("spec", "drivers").Count();
        if (registered == drivers.Count && wanted.IsContainedIn(csiNode.Json["spec"])) return;
        await context.Client.PatchAsync(LifeKinds.CsiNodes, new(null, node.Name), Patch.Merge(new JsonObject { ["spec"] = wanted }.ToJsonString()), writes, cancel);
    }

    private static KubeObject CsiNode(SimulatedNode node, KubeObject found, JsonObject spec) => new(new JsonObject
    {
        ["apiVersion"] = "storage.k8s.io/v1",
        ["kind"] = "CSINode",
        ["metadata"] = new JsonObject
        {
            ["name"] = node.Name,
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node.Name, ["uid"] = found.Metadata.Uid }),
        },
        ["spec"] = spec,
    });

    private static JsonNode TaintOf(string text)
    {
        var effect = text.LastIndexOf(':');
        var (key, value) = text[..effect].Split('=') is [var name, var given] ? (name, given) : (text[..effect], "");
        var taint = new JsonObject { ["key"] = key, ["effect"] = text[(effect + 1)..] };
        if (value.Length > 0) taint["value"] = value;
        return taint;
    }
}
