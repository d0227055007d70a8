using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Delete and deletecollection.</summary>
internal sealed class DeleteVerbs(ObjectStore store, Deletion deletion)
{
    public async Task DeleteAsync(ApiRequest request, CancellationToken cancel)
    {
        var wish = await ReadOptionsAsync(request, cancel);
        var found = store.Find(request.Type, request.ObjectName) ?? throw Refusal.NotFound(request.Type, request.Name!);
        var last = deletion.Delete(request.Type, found, wish);
        if (last.IsDeleting && store.Find(request.Type, request.ObjectName) is not null)
        {
            await request.AnswerAsync(last);
            return;
        }
        var details = new JsonObject { ["name"] = request.Name, ["kind"] = request.Type.Plural, ["uid"] = last.Uid };
        if (request.Type.Group.Length > 0) details["group"] = request.Type.Group;
        await request.AnswerAsync(new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        });
    }

    public async Task DeleteCollectionAsync(ApiRequest request, CancellationToken cancel)
    {
        if (request.Type.GroupResource is "namespaces" or "services") throw Refusal.MethodNotAllowed();
        var wish = await ReadOptionsAsync(request, cancel);
        var filter = ObjectFilter.Of(request);
        foreach (var found in store.All(request.Type).Where(found => (filter.Namespace is null || found.Name.Namespace == filter.Namespace) && filter.Matches(found)).ToArray())
        {
            try
            {
                deletion.Delete(request.Type, found, wish);
            }
            catch (RefusalException gone) when (gone.Code == 404)
            {
                // Somebody else deleted it meanwhile, which is what was asked.
            }
        }
        await request.AnswerAsync(new JsonObject
        {
            ["kind"] = request.Type.ListKind,
            ["apiVersion"] = request.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = store.Revision.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray(),
        });
    }

    private static async Task<DeletionWish> ReadOptionsAsync(ApiRequest request, CancellationToken cancel)
    {
        var body = await request.ReadBodyAsync(cancel);
        var options = body.Length == 0 ? [] : Document.Parse(body, request.MediaType);
        var asked = request.Query("gracePeriodSeconds");
        return new(
            Document.Text(options["preconditions"]?["uid"]), Document.Text(options["preconditions"]?["resourceVersion"]),
            Document.Text(options["propagationPolicy"]) ?? request.Query("propagationPolicy"),
            (long?)options["gracePeriodSeconds"] ?? (long.TryParse(asked, CultureInfo.InvariantCulture, out var seconds) ? seconds : null),
            request.IsDryRun || options["dryRun"] is JsonArray { Count: > 0 });
    }
}
