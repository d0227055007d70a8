using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>The documents by which a kubelet makes its node known.</summary>
internal static class NodeDocuments
{
    public static KubeObject Node(NodeScenario scenario)
    {
        var labels = new JsonObject
        {
            ["kubernetes.io/hostname"] = scenario.Name,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = scenario.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["beta.kubernetes.io/arch"] = scenario.Architecture,
        };
        foreach (var (key, value) in scenario.Labels) labels[key] = value;
        return new KubeObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = scenario.Name, ["labels"] = labels },
            ["spec"] = new JsonObject { ["taints"] = new JsonArray([.. scenario.Taints.Select(TaintOf)]) },
        });
    }

    public static JsonObject Status(NodeScenario scenario, string kubeletVersion, bool online, DateTimeOffset now)
    {
        JsonObject Capacity() => new() { ["cpu"] = scenario.Cpu, ["memory"] = scenario.Memory, ["pods"] = "110", ["ephemeral-storage"] = "100Gi" };
        return new()
        {
            ["capacity"] = Capacity(),
            ["allocatable"] = Capacity(),
            ["conditions"] = Conditions(now - (scenario.OfflineFor ?? TimeSpan.Zero), now, online),
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = scenario.Address },
                new JsonObject { ["type"] = "Hostname", ["address"] = scenario.Name }),
            ["nodeInfo"] = new JsonObject
            {
                ["architecture"] = scenario.Architecture,
                ["bootID"] = scenario.Name,
                ["containerRuntimeVersion"] = scenario.ContainerRuntime,
                ["kernelVersion"] = scenario.KernelVersion,
                ["kubeProxyVersion"] = kubeletVersion,
                ["kubeletVersion"] = kubeletVersion,
                ["machineID"] = scenario.Name,
                ["operatingSystem"] = "linux",
                ["osImage"] = scenario.OsImage,
                ["systemUUID"] = scenario.Name,
            },
        };
    }

    /// <summary>A CSINode's spec.</summary>
    /// <param name="drivers">Topology keys by driver.</param>
    public static JsonObject Drivers(string node, IEnumerable<KeyValuePair<string, string>> drivers) => new()
    {
        ["drivers"] = new JsonArray([.. drivers.Select(driver => new JsonObject
        {
            ["name"] = driver.Key,
            ["nodeID"] = node,
            ["topologyKeys"] = new JsonArray(driver.Value),
        })]),
    };

    public static KubeObject CsiNode(string node, string nodeUid, JsonObject spec) => new(new JsonObject
    {
        ["apiVersion"] = "storage.k8s.io/v1",
        ["kind"] = "CSINode",
        ["metadata"] = new JsonObject
        {
            ["name"] = node,
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node, ["uid"] = nodeUid }),
        },
        ["spec"] = spec,
    });

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

    private static JsonNode TaintOf(string text)
    {
        var effect = text.LastIndexOf(':');
        var (key, value) = text[..effect].Split('=') is [var name, var given] ? (name, given) : (text[..effect], "");
        var taint = new JsonObject { ["key"] = key, ["effect"] = text[(effect + 1)..] };
        if (value.Length > 0) taint["value"] = value;
        return taint;
    }
}
