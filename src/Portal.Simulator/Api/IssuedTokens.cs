using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>Gives out tokens of service accounts, and vouches for each while it lasts and while its account and the pod it is bound to are there.</summary>
internal sealed class IssuedTokens(ObjectStore store, ResourceCatalog catalog, TimeProvider time)
{
    private const int ShortestSeconds = 600;
    private const string ServerAudience = "https://kubernetes.default.svc";

    private readonly ConcurrentDictionary<string, Issued> _tokens = new();

    /// <summary>Answers a TokenRequest.</summary>
    public async Task IssueAsync(ApiRequest request, CancellationToken cancel)
    {
        var wish = Document.Parse(await request.ReadBodyAsync(cancel), request.MediaType);
        var spec = wish["spec"] as JsonObject ?? [];
        var account = store.Find(request.Type, request.ObjectName) ?? throw Refusal.NotFound(request.Type, request.Name!);
        var seconds = (long?)spec["expirationSeconds"] ?? 3600;
        if (seconds < ShortestSeconds)
            throw Refusal.Invalid(request.Type, "", [new("FieldValueInvalid", "spec.expirationSeconds", $"Invalid value: {seconds}: may not specify a duration less than 10 minutes")]);
        ImmutableArray<string> audiences = [.. (spec["audiences"] as JsonArray ?? []).Select(audience => Document.Text(audience) ?? "")];
        var issued = new Issued(request.ObjectName, account.Uid, audiences.IsEmpty ? [ServerAudience] : audiences, time.GetUtcNow().AddSeconds(seconds), PodOf(spec, request));
        var token = Write(issued);
        _tokens[token] = issued;
        wish["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = issued.ExpiresAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) };
        await request.AnswerAsync(wish, 201);
    }

    /// <summary>The status of a TokenReview; null when the token was not given out here.</summary>
    public JsonObject? Review(string token, ImmutableArray<string> audiences)
    {
        if (!_tokens.TryGetValue(token, out var issued)) return null;
        ImmutableArray<string> asked = audiences.IsEmpty ? [ServerAudience] : audiences;
        ImmutableArray<string> shared = [.. asked.Intersect(issued.Audiences)];
        if (WhyNot(issued, asked, shared) is { } why) return new() { ["user"] = new JsonObject(), ["error"] = "[invalid bearer token, " + why + "]" };
        var (ns, name) = (issued.Account.Namespace!, issued.Account.Name);
        var user = new JsonObject
        {
            ["username"] = $"system:serviceaccount:{ns}:{name}",
            ["uid"] = issued.AccountUid,
            ["groups"] = new JsonArray("system:serviceaccounts", "system:serviceaccounts:" + ns, "system:authenticated"),
        };
        if (issued.Pod is { } pod)
        {
            user["extra"] = new JsonObject
            {
                ["authentication.kubernetes.io/pod-name"] = new JsonArray(pod.Name),
                ["authentication.kubernetes.io/pod-uid"] = new JsonArray(pod.Uid),
            };
        }
        return new() { ["authenticated"] = true, ["user"] = user, ["audiences"] = new JsonArray([.. shared.Select(audience => JsonValue.Create(audience))]) };
    }

    private string? WhyNot(Issued issued, ImmutableArray<string> asked, ImmutableArray<string> shared)
    {
        if (issued.ExpiresAt <= time.GetUtcNow()) return "Token has expired.";
        if (shared.IsEmpty) return $"token audiences [{string.Join(' ', issued.Audiences)}] is invalid for the target audiences [{string.Join(' ', asked)}]";
        if (store.Find(catalog["serviceaccounts"], issued.Account)?.Uid != issued.AccountUid) return "Service account UID does not match claim";
        if (issued.Pod is { } pod && store.Find(catalog["pods"], new(issued.Account.Namespace, pod.Name))?.Uid != pod.Uid) return "Token has been invalidated";
        return null;
    }

    private BoundPod? PodOf(JsonObject spec, ApiRequest request)
    {
        if (spec["boundObjectRef"] is not JsonObject reference || Document.Text(reference["kind"]) != "Pod") return null;
        var (name, uid) = (Document.Text(reference["name"]) ?? "", Document.Text(reference["uid"]));
        var pod = store.Find(catalog["pods"], new(request.Namespace, name)) ?? throw Refusal.NotFound(catalog["pods"], name);
        if (uid is not null && uid != pod.Uid)
            throw Refusal.Conflict(catalog["pods"], name, $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        return new(name, pod.Uid);
    }

    // Clients read the claims of a token; nobody can make one up, because only what is written here counts.
    private static string Write(Issued issued)
    {
        var claims = new JsonObject { ["exp"] = issued.ExpiresAt.ToUnixTimeSeconds(), ["sub"] = $"system:serviceaccount:{issued.Account.Namespace}:{issued.Account.Name}" };
        static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
        return $"{Part("""{"alg":"RS256"}""")}.{Part(claims.ToJsonString())}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
    }

    private sealed record BoundPod(string Name, string Uid);

    private sealed record Issued(ObjectName Account, string AccountUid, ImmutableArray<string> Audiences, DateTimeOffset ExpiresAt, BoundPod? Pod);
}
