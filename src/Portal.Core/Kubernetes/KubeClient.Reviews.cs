using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes.Credentials;

namespace Portal.Core.Kubernetes;

public sealed partial class KubeClient
{
    /// <summary>Asks whether this client (or the person it acts as) may do something.</summary>
    public async Task<AccessAnswer> CanIAsync(AccessQuestion question, CancellationToken cancel)
    {
        var review = await ReviewAsync<AccessReview>("apis/authorization.k8s.io/v1/selfsubjectaccessreviews", question.ToJson(), cancel);
        return new(review.Status.Allowed && !review.Status.Denied, review.Status.Reason);
    }

    /// <summary>Asks the server whose a bearer token is.</summary>
    public Task<TokenOwner> WhoseIsAsync(Secret token, CancellationToken cancel) => WhoseIsAsync(token, null, cancel);

    /// <summary>Asks the server whose a bearer token is that must be meant for an audience; null: for the API server itself.</summary>
    public async Task<TokenOwner> WhoseIsAsync(Secret token, string? audience, CancellationToken cancel)
    {
        var question = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenReview",
            ["spec"] = new JsonObject { ["token"] = token.Reveal() },
        };
        if (audience is not null) question["spec"]!["audiences"] = new JsonArray(audience);
        var status = (await ReviewAsync<TokenReview>("apis/authentication.k8s.io/v1/tokenreviews", question, cancel)).Status;
        if (!status.Authenticated) return new(null, status.Error);
        // A server that does not look at audiences says so by not naming them.
        if (audience is not null && !status.Audiences.Contains(audience)) return new(null, $"the token is not for {audience}");
        return new(new Impersonation(status.User.Username)
        {
            Uid = status.User.Uid.Length > 0 ? status.User.Uid : null,
            Groups = status.User.Groups,
            Extra = status.User.Extra,
        }, "");
    }

    private Task<T> ReviewAsync<T>(string path, JsonObject question, CancellationToken cancel) =>
        SendAsync(new KubeRequest(HttpMethod.Post, path, question.ToJsonString(), "application/json"), KubeJson.Of<T>(), cancel);

    private sealed record AccessReview
    {
        public AccessReviewStatus Status { get; init; } = new();
    }

    private sealed record AccessReviewStatus
    {
        public bool Allowed { get; init; }
        public bool Denied { get; init; }
        public string Reason { get; init; } = "";
    }

    private sealed record TokenReview
    {
        public TokenReviewStatus Status { get; init; } = new();
    }

    private sealed record TokenReviewStatus
    {
        public bool Authenticated { get; init; }
        public string Error { get; init; } = "";
        public TokenReviewUser User { get; init; } = new();
        public ImmutableArray<string> Audiences { get; init; } = [];
    }

    private sealed record TokenReviewUser
    {
        public string Username { get; init; } = "";
        public string Uid { get; init; } = "";
        public ImmutableArray<string> Groups { get; init; } = [];
        public ImmutableDictionary<string, ImmutableArray<string>> Extra { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
    }
}
