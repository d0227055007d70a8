using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agent;
using Portal.Agent.Link;
using Portal.Agent.Node;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Simulator;
using Portal.Tests.Agent;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Agents;

/// <summary>A portal whose cluster is simulated and whose one agent is the real one on this machine's kernel and lvm, with loop devices as disks.</summary>
internal sealed class RealMachinePortal : IAsyncDisposable
{
    public const string NodeName = "edge-hangzhou-1";

    private readonly CancellationTokenSource _stop = new();
    private readonly LinuxNode _node;
    private readonly Task _running;

    private RealMachinePortal(TestPortal portal, RealDisks disks, string tokenFile)
    {
        (Portal, Disks) = (portal, disks);
        // Small disks do for tests, and the machine may be fuller than a node.
        var options = disks.Options with { Limits = new() { MinimumDiskBytes = 1 << 20, FreeShare = 0.01 } };
        _node = new(options, TimeProvider.System);
        _running = new AgentHost(_node, options, new LinkOptions(portal.Url, NodeName, tokenFile), TimeProvider.System, NullLoggerFactory.Instance).RunAsync(_stop.Token);
    }

    public TestPortal Portal { get; }

    public RealDisks Disks { get; }

    public AgentRegistry Agents => Portal.Services.GetRequiredService<AgentRegistry>();

    public static async Task<RealMachinePortal> StartAsync(Scenario scenario, CancellationToken cancel)
    {
        var portal = await TestPortal.OnSimulatedAsync(scenario, cancel);
        var disks = new RealDisks();
        var token = await portal.Services.GetRequiredService<JoinTokens>().CreateAsync(NodeName, TimeSpan.FromHours(1), "admin", cancel);
        var file = disks.FileOf("token");
        await File.WriteAllTextAsync(file, token.Reveal(), cancel);
        var machine = new RealMachinePortal(portal, disks, file);
        await machine.Agents.Live.UntilAsync(agents => agents.Find(NodeName)?.Inventory is not null, cancel);
        return machine;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _node.Dispose();
        await Portal.DisposeAsync();
        await Disks.DisposeAsync();
        _stop.Dispose();
    }
}
