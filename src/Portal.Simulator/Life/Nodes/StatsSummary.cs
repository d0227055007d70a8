using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>A kubelet's /stats/summary, as far as volumes go.</summary>
internal static class StatsSummary
{
    public static JsonObject Of(SimulatedNode node, IEnumerable<KubeObject> pods, ClusterObjects objects, DateTimeOffset now) => new()
    {
        ["node"] = new JsonObject { ["nodeName"] = node.Name, ["startTime"] = now.Timestamp() },
        ["pods"] = new JsonArray([.. pods.Where(MountedVolumes.IsRunning).Select(pod => OfPod(pod, objects, now))]),
    };

    private static JsonObject OfPod(KubeObject pod, ClusterObjects objects, DateTimeOffset now)
    {
        var stats = new JsonObject
        {
            ["podRef"] = new JsonObject { ["name"] = pod.Name, ["namespace"] = pod.Namespace, ["uid"] = pod.Metadata.Uid },
            ["startTime"] = pod.Json.Text("status", "startTime"),
        };
        var volumes = pod.Json.Objects("spec", "volumes").Select(volume => OfVolume(pod, volume, objects, now)).OfType<JsonNode>().ToArray();
        if (volumes.Length > 0) stats["volume"] = new JsonArray(volumes);
        return stats;
    }

    /// <summary>Null where the volume is no claim's, or has no file system that a kubelet measures.</summary>
    private static JsonObject? OfVolume(KubeObject pod, JsonObject volume, ClusterObjects objects, DateTimeOffset now)
    {
        if (MountedVolumes.Find(pod, volume, objects) is not var (claim, bound)) return null;
        var usage = objects.UsageOf(claim, bound, now);
        return new JsonObject
        {
            ["time"] = now.Timestamp(),
            ["availableBytes"] = usage.CapacityBytes - usage.UsedBytes,
            ["capacityBytes"] = usage.CapacityBytes,
            ["usedBytes"] = usage.UsedBytes,
            ["inodesFree"] = usage.Inodes - usage.InodesUsed,
            ["inodes"] = usage.Inodes,
            ["inodesUsed"] = usage.InodesUsed,
            ["name"] = volume.Text("name"),
            ["pvcRef"] = new JsonObject { ["name"] = claim.Name, ["namespace"] = claim.Namespace },
        };
    }
}
