using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>How full the file system of a volume is. The kubelet measures it, about once a minute, while a Pod mounts the volume; no API object tells.</summary>
public sealed record FileSystemUse(long CapacityBytes, long UsedBytes, DateTimeOffset At)
{
    /// <summary>Asks the kubelet of a node through the API server; null while no Pod there mounts the claim.</summary>
    public static async Task<FileSystemUse?> FindAsync(KubeClient client, string node, ObjectName claim, CancellationToken cancel)
    {
        var answer = await client.GetThroughAsync(ProxyTarget.Nodes, new(null, node), "stats/summary", cancel);
        return Read(answer, claim);
    }

    /// <summary>What a kubelet's /stats/summary says of a claim.</summary>
    internal static FileSystemUse? Read(ReadOnlySpan<byte> summary, ObjectName claim)
    {
        var stats = JsonNode.Parse(summary) as JsonObject ?? throw new JsonException("no summary");
        foreach (var volume in Objects(stats["pods"]).SelectMany(pod => Objects(pod["volume"])))
        {
            if ((string?)volume["pvcRef"]?["name"] != claim.Name || (string?)volume["pvcRef"]?["namespace"] != claim.Namespace) continue;
            if ((long?)volume["capacityBytes"] is { } capacity && (long?)volume["usedBytes"] is { } used && DateTimeOffset.TryParse((string?)volume["time"], System.Globalization.CultureInfo.InvariantCulture, out var at))
                return new(capacity, used, at);
        }
        return null;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
