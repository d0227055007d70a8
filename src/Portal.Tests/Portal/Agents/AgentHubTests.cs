using System.Net;
using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using Portal.Database;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Agents;

/// <summary>The real link to a portal that listens on a port.</summary>
public sealed class AgentHubTests : IAsyncLifetime
{
    private readonly List<(string Node, long Sequence)> _kept = [];
    private TestPortal _portal = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AgentRegistry Agents => _portal.Services.GetRequiredService<AgentRegistry>();

    private JoinTokens JoinTokens => _portal.Services.GetRequiredService<JoinTokens>();

    public async ValueTask InitializeAsync() => _portal = await TestPortal.StartAsync(new PortalOptions { Demo = true }, Cancel, services => services
        .AddSingleton(new Scenario("without nodes", [])).AddSingleton(Pace.Instant)
        .AddSingleton<SampleSink>((_, node, samples, _) =>
        {
            lock (_kept) _kept.AddRange(samples.Select(sample => (node, sample.Sequence)));
            return Task.CompletedTask;
        }));

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task An_agent_tells_what_its_node_is_like_and_stays_known_when_it_has_gone()
    {
        await using (var agent = await StartAsync("edge-1"))
        {
            agent.Inventory.Publish(new NodeInventory(DateTimeOffset.UnixEpoch) { KernelVersion = "5.10" });
            await Agents.Live.UntilAsync(agents => agents.Find("edge-1") is { IsConnected: true, Inventory.KernelVersion: "5.10" }, Cancel);
            await Agents.RefreshAsync("edge-1", Cancel);
            await Agents.Live.UntilAsync(agents => agents.Find("edge-1")!.Inventory!.KernelVersion == "refreshed", Cancel);
        }

        var gone = await Agents.Live.UntilAsync(agents => !agents.Find("edge-1")!.IsConnected, Cancel);
        Assert.Equal("refreshed", gone.Find("edge-1")!.Inventory!.KernelVersion);
        await Assert.ThrowsAsync<AgentUnreachableException>(() => Agents.RefreshAsync("edge-1", Cancel));
    }

    [Fact]
    public async Task A_command_reaches_its_node_and_its_report_comes_back()
    {
        await using var agent = await StartAsync("edge-1");
        var command = new CreateVolumeGroup("data", ["/dev/sdb"], []);

        var plan = await Agents.PlanAsync("edge-1", command, Cancel);
        var answer = await Agents.ExecuteAsync("edge-1", new CommandRequest("op-1", command, plan.Fingerprint), Cancel);

        Assert.Equal(("seen-edge-1", CommandState.Running), (plan.Fingerprint, answer.State));
        Assert.Equal("data", Assert.IsType<CreateVolumeGroup>(Assert.Single(agent.Executed).Command).Name);
        agent.Reports.Update(pending => pending.With(new CommandReport("op-1", CommandState.Done, null, [new StepOutput("vgcreate data", 0, "created")])));
        var told = await Agents.Live.UntilAsync(agents => agents.Commands.GetValueOrDefault("op-1")?.State == CommandState.Done, Cancel);
        Assert.Equal("created", told.Commands["op-1"].Steps[0].Output);
        await agent.Reports.UntilAsync(pending => pending.ById.IsEmpty, Cancel);
    }

    [Fact]
    public async Task Samples_are_kept_in_order_and_then_forgotten_by_the_agent()
    {
        await using var agent = await StartAsync("edge-1");
        for (var i = 0; i < 500; i++) agent.Spool.Append(new NodeSample(0, DateTimeOffset.UnixEpoch.AddSeconds(i), "boot", []));

        await Eventually.PassesAsync(() => Assert.Equal(0, agent.Spool.Bytes), Cancel);

        lock (_kept) Assert.Equal(Enumerable.Range(1, 500).Select(number => ("edge-1", (long)number)), _kept);
        Assert.Equal(500, _portal.Services.GetRequiredService<SampleInbox>().KeptOf("edge-1", agent.Spool.Id));
    }

    [Fact]
    public async Task A_node_that_somebody_looks_at_is_told_to_sample_often()
    {
        await using var agent = await StartAsync("edge-1");

        using (Agents.Watch("edge-1")) await Eventually.PassesAsync(() => Assert.Equal(AgentPace.Watched, agent.Paces.LastOrDefault()), Cancel);

        await Eventually.PassesAsync(() => Assert.Equal([AgentPace.Unwatched, AgentPace.Watched, AgentPace.Unwatched], agent.Paces), Cancel);
    }

    [Fact]
    public async Task A_revoked_token_ends_the_connection_and_a_new_one_in_the_file_opens_another()
    {
        await using var agent = await StartAsync("edge-1");
        await JoinTokens.RevokeAsync((await JoinTokens.ListAsync(Cancel)).Single().Id, Cancel);
        await Agents.Live.UntilAsync(agents => !agents.Find("edge-1")!.IsConnected, Cancel);

        agent.ChangeToken(await JoinTokens.CreateAsync("edge-1", TimeSpan.FromDays(1), "admin", Cancel));

        await Agents.Live.UntilAsync(agents => agents.Find("edge-1")!.IsConnected, Cancel);
    }

    [Fact]
    public async Task A_made_up_token_gets_nothing_and_is_written_down()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync("made-up"));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync("tpj_made-up"));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(null));

        await Eventually.PassesAsync(async () => Assert.Contains("no such join token was given out", await RefusalsAsync()), Cancel);
    }

    [Fact]
    public async Task A_token_speaks_for_its_own_node_alone()
    {
        var token = await JoinTokens.CreateAsync("edge-1", TimeSpan.FromDays(1), "admin", Cancel);
        await using var agent = new TestAgent(_portal.Url, "edge-2", token);

        await Eventually.PassesAsync(async () => Assert.Contains("edge-2: its token speaks for node edge-1", await RefusalsAsync()), Cancel);
        Assert.Empty(Agents.Live.Current.Nodes);
    }

    [Fact]
    public async Task A_storm_of_refusals_is_one_line_with_a_count()
    {
        for (var i = 0; i < 50; i++) await RefusedAsync("tpj_made-up");

        await Eventually.PassesAsync(async () =>
        {
            await using var database = await _portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancel);
            var row = await database.AgentRefusals.SingleAsync(Cancel);
            Assert.Equal(50, row.Count);
        }, Cancel);
    }

    private async Task<TestAgent> StartAsync(string node)
    {
        var agent = new TestAgent(_portal.Url, node, await JoinTokens.CreateAsync(node, TimeSpan.FromDays(1), "admin", Cancel));
        await agent.ConnectedAsync(Cancel);
        return agent;
    }

    private async Task<HttpStatusCode> RefusedAsync(string? token)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (token is not null) socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        var hub = new UriBuilder(new Uri(_portal.Url, AgentContract.Path)) { Scheme = "ws" };
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(hub.Uri, Cancel));
        return socket.HttpStatusCode;
    }

    private async Task<string[]> RefusalsAsync()
    {
        await using var database = await _portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancel);
        return await database.AgentRefusals.Select(row => row.Node == null ? row.Reason : row.Node + ": " + row.Reason).ToArrayAsync(Cancel);
    }
}
