using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Simulator.Api;
using Portal.Tests.Testing;

namespace Portal.Tests.Simulator.Api;

public sealed class IssuedTokensTests
{
    private const string Audience = "somebody";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_vouched_for_until_its_time_is_over_and_its_successor_after_that()
    {
        var time = new ManualTime();
        await using var server = await SimulatedApiServer.StartAsync(new() { TimeProvider = time }, Cancel);
        using var client = new KubeClient(server.Connection);
        var accounts = new KubeKind<KubeObject>("", "v1", "serviceaccounts", "ServiceAccount", true, KubeJson.Of<KubeObject>());
        var account = JsonNode.Parse("""{ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "namespace": "default", "name": "agent" } }""")!.AsObject();
        await client.CreateAsync(accounts, new KubeObject(account), WriteOptions.Default, Cancel);
        var token = await client.RequestTokenAsync(new("default", "agent"), Audience, Lifetime, null, Cancel);

        time.Advance(Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal("system:serviceaccount:default:agent", (await client.WhoseIsAsync(token, Audience, Cancel)).User?.User);
        var successor = await client.RequestTokenAsync(new("default", "agent"), Audience, Lifetime, null, Cancel);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((null, "[invalid bearer token, Token has expired.]"), await client.WhoseIsAsync(token, Audience, Cancel) switch { var owner => (owner.User, owner.Problem) });
        Assert.NotNull((await client.WhoseIsAsync(successor, Audience, Cancel)).User);
    }
}
