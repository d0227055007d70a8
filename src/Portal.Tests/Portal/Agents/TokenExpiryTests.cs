using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Kubernetes.Credentials;
using Portal.Database;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Agents;

/// <summary>Join tokens have an end. The portal's clock is an hour behind the one by which SignalR closes connections, so that a token can be good
/// when it is judged and over at once.</summary>
public sealed class TokenExpiryTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow() - Hour);
    private readonly ManualTime _agentTime = new();
    private TestPortal _portal = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AgentRegistry Agents => _portal.Services.GetRequiredService<AgentRegistry>();

    public async ValueTask InitializeAsync() => _portal = await TestPortal.StartAsync(new PortalOptions { Demo = true }, Cancel, services => services
        .AddSingleton(new Scenario("without nodes", [])).AddSingleton(Pace.Instant).AddSingleton<TimeProvider>(_time));

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task A_token_whose_time_is_over_opens_nothing_and_that_is_written_down()
    {
        var token = await CreateTokenAsync(Hour);
        _time.Advance(Hour);

        await using var agent = new TestAgent(_portal.Url, "edge-1", token, time: _agentTime);

        await Eventually.PassesAsync(async () => Assert.Equal("join token 1 of node edge-1 has expired", Assert.Single(await RefusalsAsync())), Cancel);
        Assert.Empty(Agents.Live.Current.Nodes);
    }

    [Fact]
    public async Task A_connection_ends_with_its_token_and_the_renewed_file_opens_another_one()
    {
        await using var agent = new TestAgent(_portal.Url, "edge-1", await CreateTokenAsync(Hour), time: _agentTime);
        await Agents.Live.UntilAsync(agents => agents.Find("edge-1") is { OfflineSince: not null }, Cancel);
        _time.Advance(Hour);
        await Eventually.PassesAsync(async () =>
        {
            _agentTime.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("join token 1 of node edge-1 has expired", Assert.Single(await RefusalsAsync()));
        }, Cancel);
        Assert.False(Agents.Live.Current.Find("edge-1")!.IsConnected);

        agent.ChangeToken(await CreateTokenAsync(TimeSpan.FromDays(1)));

        await Eventually.PassesAsync(() =>
        {
            _agentTime.Advance(TimeSpan.FromSeconds(1));
            Assert.True(Agents.Live.Current.Find("edge-1")!.IsConnected);
        }, Cancel);
        agent.Inventory.Publish(new NodeInventory(DateTimeOffset.UnixEpoch) { KernelVersion = "5.10" });
        await Agents.Live.UntilAsync(agents => agents.Find("edge-1")!.Inventory?.KernelVersion == "5.10", Cancel);
    }

    private Task<Secret> CreateTokenAsync(TimeSpan lifetime) =>
        _portal.Services.GetRequiredService<JoinTokens>().CreateAsync("edge-1", lifetime, "admin", Cancel);

    private async Task<string[]> RefusalsAsync()
    {
        await using var database = await _portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancel);
        return await database.AgentRefusals.Select(row => row.Reason).ToArrayAsync(Cancel);
    }
}
