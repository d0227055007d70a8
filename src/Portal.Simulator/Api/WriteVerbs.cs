using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Create, update and the patches.</summary>
internal sealed class WriteVerbs(ObjectStore store, ResourceCatalog catalog, SimulatedApiServerOptions options)
{
    public async Task CreateAsync(ApiRequest request, CancellationToken cancel)
    {
        var body = await request.ReadObjectAsync(cancel);
        await request.AnswerAsync(Create(request, body), 201);
    }

    public async Task UpdateAsync(ApiRequest request, CancellationToken cancel)
    {
        var body = await request.ReadObjectAsync(cancel);
        if (Document.Text(body["metadata"]!["name"]) is { } name && name != request.Name)
            throw Refusal.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        await request.AnswerAsync(Change(request, _ => body.DeepClone().AsObject()));
    }

    public async Task PatchAsync(ApiRequest request, CancellationToken cancel)
    {
        var body = await request.ReadBodyAsync(cancel);
        switch (request.MediaType)
        {
            case "application/merge-patch+json" or "application/strategic-merge-patch+json":
                var merge = Document.Parse(body, "application/json");
                await request.AnswerAsync(Change(request, current => Merged(current, merge)));
                return;
            case "application/json-patch+json":
                var operations = JsonNode.Parse(body) as JsonArray ?? throw Refusal.BadRequest("a JSON patch is a list");
                await request.AnswerAsync(Change(request, current => JsonPatch.Apply(current, operations)));
                return;
            case "application/apply-patch+yaml":
                await ApplyAsync(request, request.Unwrap(Document.Parse(body, "application/yaml")));
                return;
            default:
                throw Refusal.UnsupportedMediaType("application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
        }
    }

    private Task ApplyAsync(ApiRequest request, JsonObject applied)
    {
        if (store.Find(request.Type, request.ObjectName) is not null) return request.AnswerAsync(Change(request, current => Merged(current, applied)));
        applied["metadata"]!["name"] = request.Name;
        return request.AnswerAsync(Create(request, applied), 201);
    }

    private static JsonObject Merged(JsonObject current, JsonObject patch)
    {
        JsonPatch.Merge(current, patch);
        return current;
    }

    private StoredObject Create(ApiRequest request, JsonObject body)
    {
        var type = request.Type;
        ObjectRules.Created(type, body, request.Namespace, options.TimeProvider);
        if (type.IsCustom && type.FindVersion(request.Version)!.HasStatus) body.Remove("status");
        if (type.GroupResource == "namespaces")
        {
            body["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            body["status"] = new JsonObject { ["phase"] = "Active" };
        }
        var name = Document.Text(body["metadata"]!["name"]);
        if (string.IsNullOrEmpty(name))
            throw Refusal.Invalid(type, "", [new("FieldValueRequired", "metadata.name", "Required value: name or generateName is required")]);
        if (type.Namespaced && store.Find(catalog["namespaces"], new(null, request.Namespace!)) is null) throw Refusal.NotFound(catalog["namespaces"], request.Namespace!);
        if (request.IsDryRun)
        {
            if (store.Find(type, new(type.Namespaced ? request.Namespace : null, name)) is not null) throw Refusal.AlreadyExists(type, name);
            return StoredObject.From(type, body, 0);
        }
        return store.TryPut(type, null, body) ?? throw Refusal.AlreadyExists(type, name);
    }

    /// <summary>Changes an object, again from the start when somebody else was faster, as long as the change names no resourceVersion.</summary>
    private StoredObject Change(ApiRequest request, Func<JsonObject, JsonObject> change)
    {
        while (true)
        {
            var current = store.Find(request.Type, request.ObjectName) ?? throw Refusal.NotFound(request.Type, request.Name!);
            var next = change(current.Read());
            next.Remove("apiVersion");
            next.Remove("kind");
            if (Document.Text(next["metadata"]?["resourceVersion"]) is { Length: > 0 } seen && seen != current.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture))
                throw Refusal.Modified(request.Type, request.Name!);
            Restrict(request, current.Read(), next);
            if (Settle(request, current, next) is { } done) return done;
        }
    }

    private static void Restrict(ApiRequest request, JsonObject current, JsonObject next)
    {
        ObjectRules.Updated(request.Type, current, next);
        if (!request.Type.FindVersion(request.Version)!.HasStatus) return;
        if (request.Subresource == "status")
        {
            foreach (var field in next.Select(field => field.Key).Where(field => field is not ("metadata" or "status")).ToArray()) next.Remove(field);
            foreach (var (field, value) in current.Where(field => field.Key is not ("metadata" or "status")).ToArray()) next[field] = value?.DeepClone();
            if (current["metadata"]!["generation"] is { } generation) next["metadata"]!["generation"] = generation.DeepClone();
            return;
        }
        next.Remove("status");
        if (current["status"] is { } status) next["status"] = status.DeepClone();
    }

    private StoredObject? Settle(ApiRequest request, StoredObject current, JsonObject next)
    {
        next["metadata"]!["resourceVersion"] = current.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (JsonNode.DeepEquals(next, current.Read())) return current;
        if (request.IsDryRun) return StoredObject.From(request.Type, next, current.Revision);
        var isLast = next["metadata"]!["deletionTimestamp"] is not null && next["metadata"]!["finalizers"] is not JsonArray { Count: > 0 };
        var stored = store.TryPut(request.Type, current, next);
        if (stored is not null && isLast) store.TryRemove(request.Type, stored);
        return stored;
    }
}
