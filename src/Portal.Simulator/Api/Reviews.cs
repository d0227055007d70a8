using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Answers the reviews: who a token is, and who may do what.</summary>
internal sealed class Reviews(ApiUsers users, AccessRules rules, IssuedTokens tokens)
{
    public async Task AnswerAsync(ApiRequest request, ApiUser asker, CancellationToken cancel)
    {
        var review = await request.ReadObjectAsync(cancel);
        var spec = review["spec"] as JsonObject ?? [];
        review["apiVersion"] = request.ApiVersion;
        review["kind"] = request.Type.Kind;
        review["status"] = request.Type.Kind switch
        {
            "TokenReview" => TokenOwner(Document.Text(spec["token"]) ?? "", [.. (spec["audiences"] as JsonArray ?? []).Select(audience => Document.Text(audience) ?? "")]),
            "SelfSubjectAccessReview" => Verdict(asker, spec, request.Namespace),
            "SelfSubjectRulesReview" => RulesOf(asker, Document.Text(spec["namespace"])),
            "SubjectAccessReview" or "LocalSubjectAccessReview" => Verdict(
                new(Document.Text(spec["user"]) ?? "", [.. (spec["groups"] as JsonArray ?? []).Select(group => Document.Text(group) ?? "")]), spec, request.Namespace),
            _ => throw Refusal.MethodNotAllowed(),
        };
        await request.AnswerAsync(review, 201);
    }

    private JsonObject TokenOwner(string token, ImmutableArray<string> audiences)
    {
        if (tokens.Review(token, audiences) is { } vouched) return vouched;
        // Those tokens are for the API server alone.
        if (!audiences.IsEmpty || users.Find(token) is not { } user) return new() { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" };
        return new()
        {
            ["authenticated"] = true,
            ["user"] = new JsonObject { ["username"] = user.Name, ["groups"] = new JsonArray([.. user.Groups.Select(group => JsonValue.Create(group))]) },
        };
    }

    private JsonObject Verdict(ApiUser user, JsonObject spec, string? ns)
    {
        if (spec["resourceAttributes"] is not JsonObject wanted) return new() { ["allowed"] = user.IsMaster };
        var resource = Document.Text(wanted["resource"]) ?? "";
        if (Document.Text(wanted["subresource"]) is { Length: > 0 } subresource) resource += "/" + subresource;
        var allowed = rules.Allows(user, new(Document.Text(wanted["verb"]) ?? "", Document.Text(wanted["group"]) ?? "", resource, Document.Text(wanted["namespace"]) ?? ns, Document.Text(wanted["name"])));
        return new() { ["allowed"] = allowed };
    }

    private JsonObject RulesOf(ApiUser user, string? ns)
    {
        IEnumerable<JsonNode> held = user.IsMaster
            ? [JsonNode.Parse("""{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}""")!]
            : rules.RulesOf(user, ns).Select(rule => rule.DeepClone());
        return new() { ["resourceRules"] = new JsonArray([.. held]), ["nonResourceRules"] = new JsonArray(), ["incomplete"] = false };
    }
}
