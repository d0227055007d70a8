using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Simulator.Api;

/// <summary>Finds what a path asks for and hands it to who answers.</summary>
internal sealed class RequestRouter(ResourceCatalog catalog, Discovery discovery, Gatekeeper gate, ReadVerbs reads, WriteVerbs writes, DeleteVerbs deletes)
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            await gate.AdmitAsync(http);
            await RouteAsync(http);
        }
        catch (RefusalException refused) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = refused.Code;
            http.Response.ContentType = "application/json";
            if (refused.Details?["retryAfterSeconds"] is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString();
            await http.Response.Body.WriteAsync(StoredObject.Encode(refused.Status()), http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
    }

    private Task RouteAsync(HttpContext http)
    {
        var parts = (http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (parts)
        {
            case ["version"]: return DocumentAsync(http, discovery.Version());
            case ["healthz" or "readyz" or "livez", ..]: return http.Response.WriteAsync("ok", http.RequestAborted);
            case ["api"]: return DocumentAsync(http, Discovery.CoreVersions());
            case ["apis"]: return DocumentAsync(http, discovery.Groups());
            case ["apis", var group]: return DocumentAsync(http, discovery.Group(group));
            case ["api", "v1"]: return DocumentAsync(http, discovery.Resources("", "v1"));
            case ["apis", var group, var version]: return DocumentAsync(http, discovery.Resources(group, version));
            case ["api", "v1", ..]: return ResourceAsync(http, "", "v1", parts[2..]);
            case ["apis", var group, var version, ..]: return ResourceAsync(http, group, version, parts[3..]);
            default: return DocumentAsync(http, null);
        }
    }

    private static Task DocumentAsync(HttpContext http, JsonObject? document)
    {
        if (document is null)
        {
            http.Response.StatusCode = 404;
            http.Response.ContentType = "text/plain; charset=utf-8";
            return http.Response.WriteAsync("404 page not found\n", http.RequestAborted);
        }
        if (!HttpMethods.IsGet(http.Request.Method)) throw Refusal.MethodNotAllowed();
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(StoredObject.Encode(document), http.RequestAborted).AsTask();
    }

    private Task ResourceAsync(HttpContext http, string group, string version, string[] parts)
    {
        string? ns = null;
        if (parts is ["namespaces", var inside, var plural, ..] && plural is not ("status" or "finalize"))
        {
            ns = inside;
            parts = parts[2..];
        }
        var type = catalog.Find(group, version, parts[0]);
        if (type is null || (ns is not null && !type.Namespaced)) return DocumentAsync(http, null);
        var request = new ApiRequest(http, type, version, ns, parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2), string.Join('/', parts.Skip(3)));
        if (request.Name is not null && type.Namespaced && ns is null) return DocumentAsync(http, null);
        return AuthorizedAsync(request, http.Request.Method, http.RequestAborted);
    }

    private async Task AuthorizedAsync(ApiRequest request, string method, CancellationToken cancel)
    {
        await gate.AuthorizeAsync(request, method);
        await VerbAsync(request, method, cancel);
    }

    private Task VerbAsync(ApiRequest request, string method, CancellationToken cancel) => (method, request) switch
    {
        ("POST", { Type.IsVirtual: true, Name: null }) => gate.ReviewAsync(request, cancel),
        (_, { Type.IsVirtual: true }) => throw Refusal.MethodNotAllowed(),
        (_, { Subresource: "log" or "proxy" }) when request.Type.Subresources.Contains(request.Subresource) => gate.Handlers.AnswerAsync(request),
        ("POST", { Name: not null, Subresource: "token" }) when request.Type.Subresources.Contains(request.Subresource) => gate.IssueTokenAsync(request, cancel),
        ("GET", { Name: null }) when request.Flag("watch") => reads.WatchAsync(request, cancel),
        ("GET", { Name: null }) => reads.ListAsync(request, cancel),
        ("GET", { Subresource: null or "status" }) => reads.GetAsync(request),
        ("POST", { Name: null }) => writes.CreateAsync(request, cancel),
        ("PUT", { Name: not null, Subresource: null or "status" or "finalize" }) => writes.UpdateAsync(request, cancel),
        ("PATCH", { Name: not null, Subresource: null or "status" }) => writes.PatchAsync(request, cancel),
        ("DELETE", { Name: not null, Subresource: null }) => deletes.DeleteAsync(request, cancel),
        ("DELETE", { Name: null }) => deletes.DeleteCollectionAsync(request, cancel),
        (_, { Subresource: not null }) => throw Refusal.NoSuchResource(),
        _ => throw Refusal.MethodNotAllowed(),
    };
}
