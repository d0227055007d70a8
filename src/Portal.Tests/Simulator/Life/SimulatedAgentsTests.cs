using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Agents;
using Portal.Core.NodeCommands;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Simulator.Life;

/// <summary>The real agent on simulated nodes, over the real hub, let in by the simulated API server's word.</summary>
public sealed class SimulatedAgentsTests
{
    private const long Gibibyte = 1L << 30;

    private static readonly Scenario Site = new("two nodes",
    [
        new("edge-1") { Disks = [new("/dev/sda", 64 * Gibibyte), new("/dev/sdb", 100 * Gibibyte)] },
        new("edge-2") { Disks = [new("/dev/sda", 64 * Gibibyte)], OfflineFor = TimeSpan.FromHours(1) },
    ]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_agents_of_online_nodes_connect_carry_out_commands_and_go_when_their_node_goes()
    {
        await using var portal = await TestPortal.StartAsync(new PortalOptions { Demo = true, DemoAgents = true }, Cancel,
            services => services.AddSingleton(Site).AddSingleton(Pace.Instant));
        var agents = portal.Services.GetRequiredService<AgentRegistry>();
        await agents.Live.UntilAsync(known => known.Find("edge-1")?.Inventory is not null, Cancel);

        var command = new CreateVolumeGroup("data", ["/dev/sdb"], []);
        var plan = await agents.PlanAsync("edge-1", command, Cancel);
        await agents.ExecuteAsync("edge-1", new CommandRequest("op-1", command, plan.Fingerprint), Cancel);
        var told = await agents.Live.UntilAsync(known => known.Commands.GetValueOrDefault("op-1")?.State is not (null or CommandState.Running), Cancel);
        Assert.Equal((CommandState.Done, null), (told.Commands["op-1"].State, told.Commands["op-1"].Problem));
        await agents.Live.UntilAsync(known => known.Find("edge-1")!.Inventory!.FindVolumeGroup("data") is not null, Cancel);
        Assert.True(portal.Simulated.Node("edge-1").State.Current.Storage.VolumeGroups.ContainsKey("data"));
        Assert.Null(agents.Live.Current.Find("edge-2"));

        portal.Simulated.Node("edge-1").TakeOffline();
        await agents.Live.UntilAsync(known => !known.Find("edge-1")!.IsConnected, Cancel);
        portal.Simulated.Node("edge-2").BringOnline();
        await agents.Live.UntilAsync(known => known.Find("edge-2") is { IsConnected: true }, Cancel);
        portal.Simulated.Node("edge-1").BringOnline();
        await agents.Live.UntilAsync(known => known.Find("edge-1")!.IsConnected, Cancel);
    }
}
