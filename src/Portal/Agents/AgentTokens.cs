using System.Buffers.Text;
using System.Text.Json;
using Portal.Core.Agents;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Credentials;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;

namespace Portal.Agents;

// A projected token says which pod it was given to, and the API server vouches for that. The pod says on which node it runs, and only the scheduler
// could have said so. So an agent, and whoever steals its token, speaks for its own node and for no other.

/// <summary>Finds out which node a token speaks for.</summary>
public sealed class AgentTokens(AgentAccount account, JoinTokens joinTokens, Func<OperationContext> context) : IDisposable
{
    // When the portal starts, every agent of the site comes at once.
    private const int AskedAtOnce = 16;

    private const string PodName = "authentication.kubernetes.io/pod-name";
    private const string PodUid = "authentication.kubernetes.io/pod-uid";

    private readonly SemaphoreSlim _asking = new(AskedAtOnce);

    public async Task<AgentVerdict> JudgeAsync(Secret token, CancellationToken cancel)
    {
        if (JoinTokens.IsJoinToken(token)) return await joinTokens.JudgeAsync(token, cancel);
        await _asking.WaitAsync(cancel);
        try
        {
            return await AskClusterAsync(token, context(), cancel);
        }
        catch (Exception silent) when (silent is OperationFailedException or KubeException or HttpRequestException or KubeconfigException)
        {
            return AgentVerdict.Refused("the cluster could not be asked: " + silent.Message) with { IsUnknown = true };
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<AgentVerdict> AskClusterAsync(Secret token, OperationContext cluster, CancellationToken cancel)
    {
        var owner = await cluster.Client.WhoseIsAsync(token, AgentContract.Audience, cancel);
        if (owner.User is not { } user) return AgentVerdict.Refused("the API server does not accept it: " + owner.Problem);
        if (user.User != account.UserName) return AgentVerdict.Refused($"it belongs to {user.User}, not to {account.UserName}");
        if (!user.Extra.TryGetValue(PodName, out var names) || !user.Extra.TryGetValue(PodUid, out var uids) || names is not [var name] || uids is not [var uid])
            return AgentVerdict.Refused("it is bound to no pod");
        var pod = await FindPodAsync(cluster, new(account.Namespace, name), uid, cancel);
        return pod?.Spec.NodeName is { Length: > 0 } node
            ? new(node, ExpiryOf(token), "")
            : AgentVerdict.Refused($"its pod {name} runs on no node");
    }

    // What is watched may be a moment behind a pod that has just started.
    private static async Task<Pod?> FindPodAsync(OperationContext cluster, ObjectName name, string uid, CancellationToken cancel)
    {
        var known = cluster.Cluster.Current.Pods.Items.GetValueOrDefault(name);
        if (known?.Metadata.Uid == uid) return known;
        return await cluster.Client.FindAsync(Pod.Kind, name, cancel) is { } found && found.Metadata.Uid == uid ? found : null;
    }

    /// <summary>The "exp" claim (RFC 7519) of a token that the API server has vouched for; null where it has none that can be read.</summary>
    private static DateTimeOffset? ExpiryOf(Secret token)
    {
        if (token.Reveal().Split('.') is not [_, var claims, _] || !Base64Url.IsValid(claims)) return null;
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("exp", out var expiry) && expiry.TryGetInt64(out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
