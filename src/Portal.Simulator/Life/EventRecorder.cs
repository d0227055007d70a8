using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life;

/// <summary>Writes Event objects as one component; the same event about the same object is counted up, not written twice.</summary>
internal sealed class EventRecorder(KubeClient client, TimeProvider time, string component)
{
    // A level-triggered pass says the same thing again and again.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Uid, string Reason, string Message), Written> _written = new();

    public Task NormalAsync(KubeKind kind, KubeObject about, string reason, string message, CancellationToken cancel) =>
        WriteAsync(kind, about, "Normal", reason, message, cancel);

    public Task WarningAsync(KubeKind kind, KubeObject about, string reason, string message, CancellationToken cancel) =>
        WriteAsync(kind, about, "Warning", reason, message, cancel);

    private async Task WriteAsync(KubeKind kind, KubeObject about, string type, string reason, string message, CancellationToken cancel)
    {
        var key = (about.Metadata.Uid, reason, message);
        var now = time.GetUtcNow();
        if (_written.TryGetValue(key, out var earlier))
        {
            if (now - earlier.At < Quiet) return;
            _written[key] = earlier with { Count = earlier.Count + 1, At = now };
            var repeated = new JsonObject { ["count"] = earlier.Count + 1, ["lastTimestamp"] = now.Timestamp() };
            await client.PatchAsync(LifeKinds.Events, earlier.Name, Patch.Merge(repeated.ToJsonString()), Options, cancel);
            return;
        }
        var suffix = Guid.NewGuid().ToString("N")[..16];
        var name = new ObjectName(about.Namespace ?? "default", about.Name + "." + suffix);
        _written[key] = new(name, 1, now);
        await client.CreateAsync(LifeKinds.Events, EventAbout(kind, about, name, (type, reason, message), now.Timestamp()), Options, cancel);
    }

    private WriteOptions Options => new() { FieldManager = component };

    private KubeObject EventAbout(KubeKind kind, KubeObject about, ObjectName name, (string Type, string Reason, string Message) said, string now) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Event",
        ["metadata"] = new JsonObject { ["namespace"] = name.Namespace, ["name"] = name.Name },
        ["involvedObject"] = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["namespace"] = about.Namespace,
            ["name"] = about.Name,
            ["uid"] = about.Metadata.Uid,
            ["resourceVersion"] = about.Metadata.ResourceVersion,
        },
        ["type"] = said.Type,
        ["reason"] = said.Reason,
        ["message"] = said.Message,
        ["source"] = new JsonObject { ["component"] = component },
        ["count"] = 1,
        ["firstTimestamp"] = now,
        ["lastTimestamp"] = now,
    });

    private sealed record Written(ObjectName Name, int Count, DateTimeOffset At);
}
