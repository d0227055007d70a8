using System.Text.Json.Nodes;
using Portal.Core.Kubernetes.Credentials;

namespace Portal.Core.Kubernetes;

public sealed partial class KubeClient
{
    /// <summary>A token of a service account, for one audience and not longer than that: what the kubelet projects into a pod.</summary>
    /// <param name="boundTo">The pod with whose end the token ends, as <c>metadata.name</c> and <c>metadata.uid</c>; null binds it to none.</param>
    public async Task<Secret> RequestTokenAsync(ObjectName serviceAccount, string audience, TimeSpan lifetime, ObjectMeta? boundTo, CancellationToken cancel)
    {
        var spec = new JsonObject { ["audiences"] = new JsonArray(audience), ["expirationSeconds"] = (long)lifetime.TotalSeconds };
        if (boundTo is not null) spec["boundObjectRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["name"] = boundTo.Name, ["uid"] = boundTo.Uid };
        var question = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = spec };
        var answer = await ReviewAsync<TokenRequest>($"api/v1/namespaces/{serviceAccount.Namespace}/serviceaccounts/{serviceAccount.Name}/token", question, cancel);
        return new(answer.Status.Token);
    }

    private sealed record TokenRequest
    {
        public TokenRequestStatus Status { get; init; } = new();
    }

    private sealed record TokenRequestStatus
    {
        public string Token { get; init; } = "";
    }
}
