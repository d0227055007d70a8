using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>Asked before an object is created, as admission webhooks are: may change it, and returns why it must not be created, or null.</summary>
/// <param name="resource">The plural name: "pods".</param>
/// <param name="ns">The namespace it would be created in; "" for cluster-scoped kinds.</param>
public delegate Task<string?> CreateAdmission(string resource, string ns, JsonObject created, CancellationToken cancel);

/// <summary>Brings an object into being: names, defaults, admission, checks.</summary>
internal sealed class Creation(ObjectStore store, ResourceCatalog catalog, ClaimAdmission claims, SimulatedApiServerOptions options)
{
    public CreateAdmission? Admission { get; set; }

    /// <summary>Creates; <paramref name="writer"/> is null where the field managers are settled already.</summary>
    public async Task<StoredObject> CreateAsync(ApiRequest request, JsonObject body, FieldOwner? writer, CancellationToken cancel)
    {
        var type = request.Type;
        if (type.Namespaced && Document.Text(body["metadata"]!["namespace"]) is { Length: > 0 } ns && ns != request.Namespace)
            throw Refusal.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
        if (Document.Text(body["metadata"]!["resourceVersion"]) is { Length: > 0 }) throw Refusal.BadRequest("resourceVersion should not be set on objects to be created");
        if (request.Namespace is not null) CheckNamespace(request);
        ObjectRules.Created(type, body, request.Namespace, options.TimeProvider);
        Defaults.Fill(type, request.Version, body, options.Minor);
        FirstStatus.Write(type, request.Version, body, options.TimeProvider);
        claims.Complete(type, body);
        if (Admission is not null && await Admission(type.Plural, request.Namespace ?? "", body, cancel) is { } why) throw Refusal.Internal(why);
        if (type.IsCustom) CustomSchema.Check(type, request.Version, body);
        ObjectChecks.Create(type, body);
        claims.Create(type, request.Namespace, body);
        if (writer is not null) ManagedFields.Track(FieldRule.Of(type, request.Version), new JsonObject { ["metadata"] = new JsonObject() }, body, writer);
        var name = new ObjectName(type.Namespaced ? request.Namespace : null, (string)body["metadata"]!["name"]!);
        if (store.Find(type, name) is not null) throw Refusal.AlreadyExists(type, name.Name);
        return request.IsDryRun ? StoredObject.From(type, body, 0) : store.TryPut(type, null, body) ?? throw Refusal.AlreadyExists(type, name.Name);
    }

    private void CheckNamespace(ApiRequest request)
    {
        var namespaces = catalog["namespaces"];
        var found = store.Find(namespaces, new(null, request.Namespace!)) ?? throw Refusal.NotFound(namespaces, request.Namespace!);
        if (!found.IsDeleting) return;
        throw Refusal.Forbidden(request.Type, request.Name ?? "", $"unable to create new content in namespace {request.Namespace} because it is being terminated",
            [Refusal.Cause("NamespaceTerminating", $"namespace {request.Namespace} is being terminated", "metadata.namespace")]);
    }
}
