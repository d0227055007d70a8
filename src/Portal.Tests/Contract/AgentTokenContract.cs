using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Agents;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Credentials;
using Portal.Core.Kubernetes.Kinds;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>Which tokens speak for which node, by the word of the API server.</summary>
public abstract class AgentTokenContract(TestCluster cluster) : ClusterTest(cluster)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TestDatabase _database = new();
    private AgentTokens _tokens = null!;
    private string _ns = "";
    private ObjectName _account;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _ns = await Cluster.NewNamespaceAsync(Cancel);
        _account = await CreateAccountAsync("agent");
        var account = new AgentAccount(_ns, "agent");
        var registry = new AgentRegistry(TimeProvider.System);
        _tokens = new(account, new JoinTokens(_database.Databases, registry, TimeProvider.System), () => new(Admin, new Live<ClusterSnapshot>(ClusterSnapshot.Empty), TimeProvider.System));
    }

    public override ValueTask DisposeAsync()
    {
        _tokens.Dispose();
        _database.Dispose();
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task A_projected_token_speaks_for_the_node_of_its_pod_as_long_as_it_lasts()
    {
        var verdict = await JudgeAsync(await TokenAsync("edge-1"));

        Assert.Equal("edge-1", verdict.Node);
        Assert.InRange(verdict.ValidUntil!.Value - DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow() + Hour - DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task A_token_for_another_audience_speaks_for_nobody()
    {
        var pod = await CreatePodAsync("agent-1", "edge-1");

        Assert.Null((await JudgeAsync(await Admin.RequestTokenAsync(_account, "somebody-else", Hour, pod, Cancel))).Node);
    }

    [Fact]
    public async Task A_token_of_another_account_speaks_for_nobody()
    {
        var other = await CreateAccountAsync("other");
        var pod = await CreatePodAsync("other-1", "edge-1", "other");

        var verdict = await JudgeAsync(await Admin.RequestTokenAsync(other, AgentContract.Audience, Hour, pod, Cancel));

        Assert.Equal((null, $"it belongs to system:serviceaccount:{_ns}:other, not to system:serviceaccount:{_ns}:agent"), (verdict.Node, verdict.Reason));
    }

    [Fact]
    public async Task A_token_that_no_pod_holds_speaks_for_nobody()
    {
        var verdict = await JudgeAsync(await Admin.RequestTokenAsync(_account, AgentContract.Audience, Hour, null, Cancel));

        Assert.Equal((null, "it is bound to no pod"), (verdict.Node, verdict.Reason));
    }

    [Fact]
    public async Task A_token_ends_with_its_pod()
    {
        var token = await TokenAsync("edge-1");
        await Admin.DeleteAsync(Pod.Kind, new(_ns, "agent-edge-1"), new DeleteOptions { GracePeriodSeconds = 0 }, Cancel);

        // The API server remembers for some seconds what it has vouched for.
        await Eventually.PassesAsync(async () => Assert.Null((await JudgeAsync(token)).Node), Cancel);
    }

    [Fact]
    public async Task A_token_whose_claims_were_changed_speaks_for_nobody()
    {
        var token = (await TokenAsync("edge-1")).Reveal();
        var parts = token.Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var forged = $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.Replace("\"exp\":", "\"exp\":9", StringComparison.Ordinal)))}.{parts[2]}";

        Assert.NotEqual(token, forged);
        Assert.Null((await JudgeAsync(new(forged))).Node);
        Assert.Null((await JudgeAsync(new("made-up"))).Node);
    }

    private Task<AgentVerdict> JudgeAsync(Secret token) => _tokens.JudgeAsync(token, Cancel);

    private async Task<Secret> TokenAsync(string node) =>
        await Admin.RequestTokenAsync(_account, AgentContract.Audience, Hour, await CreatePodAsync("agent-" + node, node), Cancel);

    private async Task<ObjectName> CreateAccountAsync(string name)
    {
        await CreateAsync("v1", "serviceaccounts", "ServiceAccount", $$"""{ "metadata": { "name": "{{name}}" } }""");
        return new(_ns, name);
    }

    private async Task<ObjectMeta> CreatePodAsync(string name, string node, string account = "agent") => (await CreateAsync("v1", "pods", "Pod", $$"""
        {
          "metadata": { "name": "{{name}}" },
          "spec": { "nodeName": "{{node}}", "serviceAccountName": "{{account}}", "automountServiceAccountToken": false, "containers": [ { "name": "agent", "image": "agent" } ] }
        }
        """)).Metadata;

    private Task<KubeObject> CreateAsync(string apiVersion, string plural, string kind, string json)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        (body["apiVersion"], body["kind"], body["metadata"]!["namespace"]) = (apiVersion, kind, _ns);
        return Admin.CreateAsync(new KubeKind<KubeObject>("", apiVersion, plural, kind, true, KubeJson.Of<KubeObject>()), new KubeObject(body), WriteOptions.Default, Cancel);
    }
}

public sealed class SimulatedAgentTokenContract(SimulatedTestCluster cluster) : AgentTokenContract(cluster);

public sealed class RealAgentTokenContract(RealTestCluster cluster) : AgentTokenContract(cluster);
