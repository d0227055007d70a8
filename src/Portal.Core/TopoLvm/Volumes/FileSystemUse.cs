using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>How full the file system of a volume is. The kubelet measures it, about once a minute, while a Pod mounts the volume; no API object tells.</summary>
/// <param name="At">When the kubelet measured it, by the node's clock.</param>
public sealed record FileSystemUse(long CapacityBytes, long UsedBytes, DateTimeOffset At)
{
    /// <summary>null where the file system counts none.</summary>
    public long? Inodes { get; init; }

    public long? UsedInodes { get; init; }

    /// <summary>Asks the kubelet of a node through the API server; null while no Pod there mounts the claim.</summary>
    public static async Task<FileSystemUse?> FindAsync(KubeClient client, string node, ObjectName claim, CancellationToken cancel) =>
        (await ReadAsync(client, node, cancel)).GetValueOrDefault(claim);

    /// <summary>Asks the kubelet of a node, through the API server, for every claim that its Pods mount.</summary>
    /// <exception cref="JsonException">What answers there is no kubelet.</exception>
    public static async Task<ImmutableDictionary<ObjectName, FileSystemUse>> ReadAsync(KubeClient client, string node, CancellationToken cancel) =>
        ReadAll(await client.GetThroughAsync(ProxyTarget.Nodes, new(null, node), "stats/summary", cancel));

    /// <summary>What a kubelet's /stats/summary says, by claim; what it does not say of one whole is left out.
    /// See https://pkg.go.dev/k8s.io/kubelet/pkg/apis/stats/v1alpha1#VolumeStats.</summary>
    /// <exception cref="JsonException">It is no summary.</exception>
    internal static ImmutableDictionary<ObjectName, FileSystemUse> ReadAll(ReadOnlyMemory<byte> summary)
    {
        using var document = JsonDocument.Parse(summary);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("no summary");
        var uses = ImmutableDictionary.CreateBuilder<ObjectName, FileSystemUse>();
        foreach (var volume in Objects(document.RootElement, "pods").SelectMany(pod => Objects(pod, "volume")))
        {
            if (ClaimOf(volume) is not { } claim || Of(volume) is not { } use) continue;
            // Each Pod that mounts it tells of it, and each was measured at another moment.
            if (!uses.TryGetValue(claim, out var other) || other.At < use.At) uses[claim] = use;
        }
        return uses.ToImmutable();
    }

    private static FileSystemUse? Of(JsonElement volume)
    {
        if (Number(volume, "capacityBytes") is not { } capacity || Number(volume, "usedBytes") is not { } used) return null;
        if (!DateTimeOffset.TryParse(Text(volume, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return null;
        return new(capacity, used, at) { Inodes = Number(volume, "inodes"), UsedInodes = Number(volume, "inodesUsed") };
    }

    private static ObjectName? ClaimOf(JsonElement volume) =>
        volume.TryGetProperty("pvcRef", out var claim) && claim.ValueKind == JsonValueKind.Object && Text(claim, "namespace") is { } ns && Text(claim, "name") is { } name ? new(ns, name) : null;

    private static IEnumerable<JsonElement> Objects(JsonElement of, string name) =>
        of.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object) : [];

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static long? Number(JsonElement of, string name) =>
        of.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) && value >= 0 ? value : null;
}
