using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>How objects go: at once, or marked until their finalizers and grace period are over.</summary>
internal sealed class Deletion(ObjectStore store, TimeProvider time)
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    /// <summary>Asks for an object to go; the answer is its last state, marked when it has to wait.</summary>
    public StoredObject Delete(ResourceType type, StoredObject found, DeletionWish wish)
    {
        StoredObject? current = found;
        while (current is not null)
        {
            wish.Check(type, current);
            var body = current.Read();
            var waits = Mark(type, body, wish);
            if (wish.DryRun) return current;
            if (!waits)
            {
                if (store.TryRemove(type, current) is { } removed) return removed;
            }
            else if (JsonNode.DeepEquals(body, current.Read()))
            {
                return current;
            }
            else if (store.TryPut(type, current, body) is { } marked)
            {
                return marked;
            }
            current = store.Find(type, current.Name);
        }
        throw Refusal.NotFound(type, found.Name.Name);
    }

    /// <summary>Stores a changed object, and removes it when that was the last thing it waited for. Null when somebody else was faster.</summary>
    public StoredObject? TryPut(ResourceType type, StoredObject current, JsonObject next)
    {
        var isOver = IsOver(type, next);
        var stored = store.TryPut(type, current, next);
        if (stored is not null && isOver) store.TryRemove(type, stored);
        return stored;
    }

    /// <summary>Changes an object until the change sticks; a change that returns false, or an object that is gone, is left alone.</summary>
    public void Edit(ResourceType type, ObjectName name, Func<JsonObject, bool> change)
    {
        while (store.Find(type, name) is { } current)
        {
            var body = current.Read();
            if (!change(body) || TryPut(type, current, body) is not null) return;
        }
    }

    private static bool IsOver(ResourceType type, JsonObject body)
    {
        var metadata = body["metadata"]!;
        return metadata["deletionTimestamp"] is not null && (long?)metadata["deletionGracePeriodSeconds"] is null or 0
            && metadata["finalizers"] is not JsonArray { Count: > 0 }
            && !(type.GroupResource == "namespaces" && body["spec"]?["finalizers"] is JsonArray { Count: > 0 })
            && metadata["deletionTimestamp"] is not null;
    }

    private bool Mark(ResourceType type, JsonObject body, DeletionWish wish)
    {
        var metadata = body["metadata"]!.AsObject();
        AddFinalizer(metadata, wish.Propagation);
        var grace = GraceOf(type, body, wish);
        var isHeld = metadata["finalizers"] is JsonArray { Count: > 0 } || (type.GroupResource == "namespaces" && body["spec"]?["finalizers"] is JsonArray { Count: > 0 });
        if (!isHeld && grace == 0) return false;
        if (metadata["deletionTimestamp"] is null || (long?)metadata["deletionGracePeriodSeconds"] > grace)
        {
            metadata["deletionTimestamp"] = time.GetUtcNow().AddSeconds(grace).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            metadata["deletionGracePeriodSeconds"] = grace;
            if (metadata["generation"] is { } generation) metadata["generation"] = (long)generation + 1;
        }
        if (type.GroupResource == "namespaces") body["status"] = new JsonObject { ["phase"] = "Terminating" };
        return true;
    }

    private static void AddFinalizer(JsonObject metadata, string? propagation)
    {
        var finalizer = propagation switch { "Foreground" => Foreground, "Orphan" => Orphan, _ => null };
        if (finalizer is null || metadata["deletionTimestamp"] is not null) return;
        if (metadata["finalizers"] is not JsonArray finalizers) metadata["finalizers"] = finalizers = [];
        if (!finalizers.Any(present => (string?)present == finalizer)) finalizers.Add(finalizer);
    }

    // Only pods have a grace period, and only those a kubelet has to stop.
    private static long GraceOf(ResourceType type, JsonObject body, DeletionWish wish)
    {
        if (type.GroupResource != "pods" || Document.Text(body["spec"]?["nodeName"]) is null or "" || Document.Text(body["status"]?["phase"]) is "Succeeded" or "Failed") return 0;
        return wish.GraceSeconds ?? (long?)body["spec"]?["terminationGracePeriodSeconds"] ?? 30;
    }
}
