using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Create, update and the patches.</summary>
internal sealed class WriteVerbs(ObjectStore store, Creation creation, Deletion deletion, ClaimAdmission claims, SimulatedApiServerOptions options)
{
    private const string Patches = "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml";

    public async Task CreateAsync(ApiRequest request, CancellationToken cancel)
    {
        var body = await request.ReadObjectAsync(cancel);
        await request.AnswerAsync(await creation.CreateAsync(request, body, WriterOf(request, "Update"), cancel), 201);
    }

    public async Task UpdateAsync(ApiRequest request, CancellationToken cancel)
    {
        var body = await request.ReadObjectAsync(cancel);
        if (Document.Text(body["metadata"]!["name"]) is { } name && name != request.Name)
            throw Refusal.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        if (request.Type.IsCustom && Document.Text(body["metadata"]!["resourceVersion"]) is null or "")
        {
            if (request.Type.IsCustom)
                throw Refusal.Invalid(request.Type, request.Name!, [new("FieldValueInvalid", "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update")]);
        }
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
                var operations = Operations(body);
                await request.AnswerAsync(Change(request, current => JsonPatch.Apply(current, operations)));
                return;
            case "application/apply-patch+yaml":
                if (string.IsNullOrEmpty(request.Query("fieldManager")))
                    throw Refusal.BadRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
                await ApplyAsync(request, request.Unwrap(Document.Parse(body, "application/yaml")), cancel);
                return;
            default:
                throw Refusal.UnsupportedMediaType(Patches);
        }
    }

    private async Task ApplyAsync(ApiRequest request, JsonObject applied, CancellationToken cancel)
    {
        if (applied["metadata"]!["managedFields"] is not null) throw Refusal.BadRequest("metadata.managedFields must be nil");
        var writer = WriterOf(request, "Apply");
        var rule = FieldRule.Of(request.Type, request.Version);
        while (true)
        {
            if (store.Find(request.Type, request.ObjectName) is { } current)
            {
                if (Document.Text(applied["metadata"]!["resourceVersion"]) is { Length: > 0 } seen && seen != Text(current.Revision)) throw Refusal.Modified(request.Type, request.Name!);
                var next = ServerSideApply.Apply(rule, current.Read(), applied, writer, request.Flag("force"));
                if (Settle(request, current, next, null) is not { } done) continue;
                await request.AnswerAsync(done);
                return;
            }
            if (request.Subresource is not null) throw Refusal.NotFound(request.Type, request.Name!);
            var created = ServerSideApply.Apply(rule, new JsonObject { ["metadata"] = new JsonObject() }, applied, writer, false);
            created["metadata"]!["name"] = request.Name;
            try
            {
                await request.AnswerAsync(await creation.CreateAsync(request, created, null, cancel), 201);
                return;
            }
            catch (RefusalException taken) when (taken.Reason == "AlreadyExists")
            {
                // Somebody created it a moment ago: apply to that one.
            }
        }
    }

    private static JsonArray Operations(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonArray ?? throw Refusal.BadRequest("a JSON patch is a list of operations");
        }
        catch (JsonException bad)
        {
            throw Refusal.BadRequest("error decoding patch: " + bad.Message);
        }
    }

    private static JsonObject Merged(JsonObject current, JsonObject patch)
    {
        JsonPatch.Merge(current, patch);
        return current;
    }

    private FieldOwner WriterOf(ApiRequest request, string operation) => new(request.FieldManager, operation, request.ApiVersion,
        options.Minor >= 22 ? request.Subresource : null, ObjectRules.Now(options.TimeProvider), new FieldSet());

    /// <summary>Changes an object, again from the start when somebody else was faster, as long as the change names no resourceVersion.</summary>
    private StoredObject Change(ApiRequest request, Func<JsonObject, JsonObject> change)
    {
        while (true)
        {
            var current = store.Find(request.Type, request.ObjectName) ?? throw Refusal.NotFound(request.Type, request.Name!);
            var next = change(current.Read());
            next.Remove("apiVersion");
            next.Remove("kind");
            if (next["metadata"] is not JsonObject) next["metadata"] = new JsonObject();
            if (Document.Text(next["metadata"]!["resourceVersion"]) is { Length: > 0 } seen && seen != Text(current.Revision)) throw Refusal.Modified(request.Type, request.Name!);
            if (Settle(request, current, next, WriterOf(request, "Update")) is { } done) return done;
        }
    }

    /// <summary>Null when somebody else was faster. <paramref name="writer"/> is null where the managers are settled already.</summary>
    private StoredObject? Settle(ApiRequest request, StoredObject current, JsonObject next, FieldOwner? writer)
    {
        var before = current.Read();
        if (Document.Text(next["metadata"]!["uid"]) is { Length: > 0 } uid && uid != current.Uid)
            throw Refusal.Conflict(request.Type, request.Name!, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        Defaults.Fill(request.Type, request.Version, next, options.Minor);
        Restrict(request, before, next);
        if (request.Type.IsCustom) CustomSchema.Check(request.Type, request.Version, next);
        ObjectChecks.Update(request.Type, before, next);
        if (request.Subresource is null) claims.Update(request.Type, before, next);
        if (writer is not null) ManagedFields.Track(FieldRule.Of(request.Type, request.Version), before, next, writer);
        next["metadata"]!["resourceVersion"] = Text(current.Revision);
        if (JsonNode.DeepEquals(next, before)) return current;
        return request.IsDryRun ? StoredObject.From(request.Type, next, current.Revision) : deletion.TryPut(request.Type, current, next);
    }

    private static void Restrict(ApiRequest request, JsonObject before, JsonObject next)
    {
        if (request.Subresource == "finalize")
        {
            Keep(before, next, field => field is "spec");
        }
        else if (request.Type.FindVersion(request.Version)!.HasStatus)
        {
            if (request.Subresource == "status") Keep(before, next, field => field == "status" || (field == "metadata" && !request.Type.IsCustom));
            else Keep(before, next, field => field != "status");
        }
        ObjectRules.Updated(request.Type, before, next);
    }

    /// <summary>Lets only some top-level fields change.</summary>
    private static void Keep(JsonObject before, JsonObject next, Func<string, bool> mayChange)
    {
        foreach (var field in next.Select(field => field.Key).Union(before.Select(field => field.Key)).Where(field => !mayChange(field)).ToArray())
        {
            var managers = field == "metadata" ? next["metadata"]?["managedFields"]?.DeepClone() : null;
            next.Remove(field);
            if (before[field] is { } kept) next[field] = kept.DeepClone();
            if (managers is not null) next["metadata"]!["managedFields"] = managers;
        }
    }

    private static string Text(long revision) => revision.ToString(CultureInfo.InvariantCulture);
}
