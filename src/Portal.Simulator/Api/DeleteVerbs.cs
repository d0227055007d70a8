using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Delete and deletecollection.</summary>
internal sealed class DeleteVerbs(ObjectStore store, SimulatedApiServerOptions options)
{
    public async Task DeleteAsync(ApiRequest request, CancellationToken cancel)
    {
        var wish = await ReadOptionsAsync(request, cancel);
        var found = store.Find(request.Type, request.ObjectName) ?? throw Refusal.NotFound(request.Type, request.Name!);
        var last = Delete(request.Type, found, wish);
        if (last.IsDeleting)
        {
            await request.AnswerAsync(last);
            return;
        }
        await request.AnswerAsync(new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = new JsonObject { ["name"] = request.Name, ["group"] = request.Type.Group, ["kind"] = request.Type.Plural, ["uid"] = last.Uid },
        });
    }

    public async Task DeleteCollectionAsync(ApiRequest request, CancellationToken cancel)
    {
        var wish = await ReadOptionsAsync(request, cancel);
        var filter = ObjectFilter.Of(request);
        foreach (var found in store.All(request.Type).Where(found => (filter.Namespace is null || found.Name.Namespace == filter.Namespace) && filter.Matches(found)).ToArray())
            Delete(request.Type, found, wish);
        await request.AnswerAsync(new JsonObject
        {
            ["kind"] = request.Type.ListKind,
            ["apiVersion"] = request.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = store.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray(),
        });
    }

    private StoredObject Delete(ResourceType type, StoredObject found, DeletionWish wish)
    {
        StoredObject? current = found;
        while (current is not null)
        {
            wish.Check(type, current);
            var body = current.Read();
            var metadata = body["metadata"]!.AsObject();
            var held = metadata["finalizers"] is JsonArray { Count: > 0 } || type.GroupResource == "namespaces";
            if (wish.DryRun || (held && current.IsDeleting)) return current;
            if (!held)
            {
                if (store.TryRemove(type, current) is { } removed) return removed;
            }
            else
            {
                metadata["deletionTimestamp"] = ObjectRules.Now(options.TimeProvider);
                metadata["deletionGracePeriodSeconds"] = 0;
                if (store.TryPut(type, current, body) is { } marked) return marked;
            }
            current = store.Find(type, current.Name);
        }
        throw Refusal.NotFound(type, found.Name.Name);
    }

    private static async Task<DeletionWish> ReadOptionsAsync(ApiRequest request, CancellationToken cancel)
    {
        var body = await request.ReadBodyAsync(cancel);
        var options = body.Length == 0 ? [] : Document.Parse(body, request.MediaType);
        return new(
            Document.Text(options["preconditions"]?["uid"]), Document.Text(options["preconditions"]?["resourceVersion"]),
            Document.Text(options["propagationPolicy"]) ?? request.Query("propagationPolicy"),
            (long?)options["gracePeriodSeconds"], request.IsDryRun || options["dryRun"] is JsonArray { Count: > 0 });
    }
}

/// <summary>The options of a deletion.</summary>
internal sealed record DeletionWish(string? Uid, string? ResourceVersion, string? Propagation, long? GraceSeconds, bool DryRun)
{
    /// <exception cref="RefusalException">409 when the object is not the one that was meant.</exception>
    public void Check(ResourceType type, StoredObject current)
    {
        var revision = current.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Uid is not null && Uid != current.Uid)
            throw Refusal.Conflict(type, current.Name.Name, $"Precondition failed: UID in precondition: {Uid}, UID in object meta: {current.Uid}");
        if (ResourceVersion is not null && ResourceVersion != revision)
            throw Refusal.Conflict(type, current.Name.Name, $"Precondition failed: ResourceVersion in precondition: {ResourceVersion}, ResourceVersion in object meta: {revision}");
    }
}
