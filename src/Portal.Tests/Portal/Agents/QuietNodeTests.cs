using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agent;
using Portal.Agent.Inventory;
using Portal.Agent.Link;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.Nodes.Agents;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Agents;

/// <summary>The whole agent and the whole portal by one clock, on a node where nothing happens.</summary>
public sealed class QuietNodeTests
{
    // The minute, the pause for bursts, and the way.
    private static readonly TimeSpan Oldest = InventoryWatch.ReadEvery + TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_known_of_a_connected_node_is_never_much_older_than_a_minute()
    {
        await using var portal = await TestPortal.StartAsync(new PortalOptions { Demo = true }, Cancel, services => services
            .AddSingleton(new Scenario("without nodes", [])).AddSingleton(Pace.Instant).AddSingleton<TimeProvider>(_time));
        var agents = portal.Services.GetRequiredService<AgentRegistry>();
        using var folder = new TemporaryFolder();
        var token = await portal.Services.GetRequiredService<JoinTokens>().CreateAsync("edge-1", TimeSpan.FromDays(1), "admin", Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "token"), token.Reveal(), Cancel);
        using var probe = new SimulatedProbe(new SimulatedNode(new NodeScenario("edge-1") { Disks = [new("/dev/sda", 64L << 30)] }), _time);
        var link = new LinkOptions(portal.Url, "edge-1", Path.Combine(folder.Path, "token"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = new AgentHost(probe, new AgentOptions { StateDirectory = folder.Path }, link, _time, NullLoggerFactory.Instance).RunAsync(stop.Token);
        var first = (await agents.Live.UntilAsync(known => known.Find("edge-1")?.Inventory is not null, Cancel)).Find("edge-1")!;

        for (var minute = 1; minute <= 10; minute++)
        {
            var before = agents.Live.Current.Find("edge-1")!.InventoryAt;
            await Eventually.PassesAsync(() =>
            {
                if (_time.GetUtcNow() - before < Oldest) _time.Advance(TimeSpan.FromSeconds(1));
                Assert.True(agents.Live.Current.Find("edge-1")!.InventoryAt > before);
            }, Cancel);
            Assert.InRange((agents.Live.Current.Find("edge-1")!.InventoryAt - before)!.Value, TimeSpan.Zero, Oldest);
        }

        var last = agents.Live.Current.Find("edge-1")!;
        Assert.Equal(first.ConnectedAt, last.ConnectedAt);
        Assert.Equal(first.Inventory!.Devices, last.Inventory!.Devices);
        Assert.True(last.Inventory.TakenAt >= first.Inventory.TakenAt + (9 * InventoryWatch.ReadEvery));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
