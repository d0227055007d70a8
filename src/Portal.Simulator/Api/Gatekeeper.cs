using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Simulator.Api;

/// <summary>What every request passes first: faults on demand, who it is from, whether he may.</summary>
internal sealed class Gatekeeper(Faults faults, ApiUsers users, AccessRules rules, Reviews reviews, IssuedTokens tokens, ProxyHandlers handlers)
{
    private const string UserItem = "user";

    public ProxyHandlers Handlers { get; } = handlers;

    public async Task AdmitAsync(HttpContext http)
    {
        var (user, impersonator) = users.Of(http.Request);
        http.Items[UserItem] = user;
        faults.Note(new(http.Request.Method, http.Request.Path.Value ?? "", http.Request.QueryString.Value ?? "", user.Name));
        await faults.MeetAsync(http);
        if (impersonator is null || rules.Allows(impersonator, new("impersonate", "", "users", null, user.Name))) return;
        throw new RefusalException(403, "Forbidden", $"users \"{user.Name}\" is forbidden: " + AccessRules.WhyNot(impersonator, new("impersonate", "", "users", null, user.Name)),
            new JsonObject { ["name"] = user.Name, ["kind"] = "users" });
    }

    public async Task AuthorizeAsync(ApiRequest request, string method)
    {
        var user = UserOf(request);
        if (user.IsMaster || request.Type.Kind.StartsWith("Self", StringComparison.Ordinal)) return;
        var resource = request.Subresource is null ? request.Type.Plural : request.Type.Plural + "/" + request.Subresource;
        var attempt = new AccessAttempt(VerbOf(request, method), request.Type.Group, resource, request.Namespace, request.Name);
        if (!rules.Allows(user, attempt)) throw Refusal.Forbidden(request.Type, request.Name ?? "", AccessRules.WhyNot(user, attempt));
        if (request.Type.Kind is not ("Role" or "ClusterRole") || method is not ("POST" or "PUT" or "PATCH")) return;
        request.Http.Request.EnableBuffering();
        var role = Document.Parse(await request.ReadBodyAsync(request.Http.RequestAborted), request.MediaType);
        request.Http.Request.Body.Position = 0;
        if (rules.WhyEscalates(user, request.Namespace, role, request.Type.Plural) is { } why)
            throw Refusal.Forbidden(request.Type, Document.Text(role["metadata"]?["name"]) ?? request.Name ?? "", why);
    }

    public Task IssueTokenAsync(ApiRequest request, CancellationToken cancel) => tokens.IssueAsync(request, cancel);

    public Task ReviewAsync(ApiRequest request, CancellationToken cancel) => reviews.AnswerAsync(request, UserOf(request), cancel);

    private static ApiUser UserOf(ApiRequest request) => (ApiUser)request.Http.Items[UserItem]!;

    private static string VerbOf(ApiRequest request, string method) => method switch
    {
        "GET" when request.Name is null => request.Flag("watch") ? "watch" : "list",
        "GET" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => request.Name is null ? "deletecollection" : "delete",
        _ => "",
    };
}
