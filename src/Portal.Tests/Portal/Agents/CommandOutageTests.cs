using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agent;
using Portal.Agent.Link;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.NodeCommands;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.Nodes.Agents;
using Portal.Tests.Testing;
using LifePace = Portal.Simulator.Life.Pace;

namespace Portal.Tests.Portal.Agents;

/// <summary>The whole agent, with its executor and its journal, on a simulated node: each program of each command runs once, whoever is killed in its
/// midst and however long nobody hears of it.</summary>
public sealed class CommandOutageTests : IAsyncLifetime
{
    private const long Gibibyte = 1L << 30;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Random _random = new(20261125);
    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _data = new();
    private readonly SimulatedNode _node = new(new NodeScenario("edge-1")
    {
        Disks = [new("/dev/sda", 64 * Gibibyte), new("/dev/sdb", 100 * Gibibyte), new("/dev/sdc", 100 * Gibibyte), new("/dev/sdd", 50 * Gibibyte)],
    });

    private SimulatedProbe _simulated = null!;
    private HeldProbe _probe = null!;
    private PortalApp _portal = null!;
    private TcpRelay _network = null!;
    private string _token = "";
    private TemporaryFolder _state = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _commands;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AgentRegistry Agents => _portal.Services.GetRequiredService<AgentRegistry>();

    public async ValueTask InitializeAsync()
    {
        _simulated = new SimulatedProbe(_node, _time);
        _probe = new HeldProbe(_simulated);
        _portal = await StartPortalAsync();
        _network = new TcpRelay(new Uri(_portal.Addresses.Single()));
        _token = (await _portal.Services.GetRequiredService<JoinTokens>().CreateAsync("edge-1", TimeSpan.FromDays(30), "admin", Cancel)).Reveal();
        StartAgent();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAgentAsync(null);
        await _network.DisposeAsync();
        await _portal.DisposeAsync();
        _simulated.Dispose();
        _state.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task In_a_week_of_outages_and_kills_each_program_of_each_command_runs_once_and_its_end_is_told()
    {
        for (var day = 0; day < 7; day++)
        {
            await DisturbedAsync(new CreateVolumeGroup("data", ["/dev/sdb"], []));
            await DisturbedAsync(new ExtendVolumeGroup("data", ["/dev/sdc", "/dev/sdd"], []));
            await DisturbedAsync(new RemovePhysicalVolume("data", "/dev/sdb"));
            await DisturbedAsync(new RemovePhysicalVolume("data", "/dev/sdc"));
            await DisturbedAsync(new RemoveVolumeGroup("data"));
            Assert.Empty(_node.State.Current.Storage.VolumeGroups);
        }

        await KillAgentAsync(null);
        await ConnectedAsync();
        Assert.Empty(Agents.Live.Current.Commands);
    }

    [Fact]
    public async Task A_command_whose_node_has_become_another_one_in_the_outage_is_undone_once()
    {
        var command = new CreateVolumeGroup("data", ["/dev/sdb", "/dev/sdc"], []);
        var request = await PlannedAsync(command);
        var hold = _probe.HoldUp(0, isAfter: true);
        var ended = EndAsync(request.Request);
        await hold.Reached.WaitAsync(Eventually.Limit, Cancel);
        _network.Cut();
        await KillAgentAsync(hold, before: () => _node.Change(state => state with { Storage = state.Storage.WithVolumeGroup("data", "/dev/sdd") }));
        _time.Advance(Day);
        await RestartPortalAsync();

        Assert.Equal(CommandState.RolledBack, (await ended).State);
        Assert.Equal(2, _probe.Ended.Length);
        Assert.StartsWith("pvremove", _probe.Ended[1], StringComparison.Ordinal);
        Assert.Empty(_node.State.Current.Storage.Prepared);
        Assert.Equal(CommandState.RolledBack, (await Agents.ExecuteAsync("edge-1", request.Request, Cancel)).State);
        Assert.Equal(2, _probe.Ended.Length);
    }

    /// <summary>Agent, portal or both die at one of the command's programs, before or after its effect, with or without a network.</summary>
    private async Task DisturbedAsync(NodeCommand command)
    {
        var (request, programs) = await PlannedAsync(command);
        var before = _probe.Ended.Length;
        var hold = _probe.HoldUp(_random.Next(programs.Length), isAfter: IsLikely());
        var ended = EndAsync(request);
        await hold.Reached.WaitAsync(Eventually.Limit, Cancel);
        var (isCut, agentDies, portalDies) = (IsLikely(), IsLikely(), IsLikely());
        if (isCut) _network.Cut();
        if (agentDies) await KillAgentAsync(hold);
        else hold.Open();
        if (isCut) _time.Advance(Day);
        if (portalDies) await RestartPortalAsync();
        else if (isCut) _network.Mend();

        var end = await ended;
        Assert.Equal((CommandState.Done, null), (end.State, end.Problem?.English));
        await ConnectedAsync();
        Assert.Equal(CommandState.Done, (await AgainAsync(request)).State);
        Assert.Equal(programs, _probe.Ended[before..]);
    }

    private bool IsLikely() => _random.Next(2) == 0;

    private async Task<(CommandRequest Request, string[] Programs)> PlannedAsync(NodeCommand command)
    {
        await ConnectedAsync();
        var plan = await Agents.PlanAsync("edge-1", command, Cancel);
        Assert.Empty(plan.Refusals.Select(why => why.English));
        return (new($"operation-{_commands++}", command, plan.Fingerprint), [.. plan.Steps.Select(step => string.Join(' ', step.Words))]);
    }

    /// <summary>As an operation does it: sent until its end is known.</summary>
    private async Task<CommandReport> EndAsync(CommandRequest request)
    {
        CommandReport? end = null;
        await Eventually.PassesAsync(async () =>
        {
            _time.Advance(Pace);
            end = Agents.Live.Current.Commands.GetValueOrDefault(request.OperationId);
            if (end is not { State: not CommandState.Running }) end = await Agents.ExecuteAsync("edge-1", request, Cancel);
            Assert.NotEqual(CommandState.Running, end.State);
        }, Cancel, within: TimeSpan.FromMinutes(2));
        return end!;
    }

    /// <summary>Sent once more, and then forgotten by the portal, which hears no more of it.</summary>
    private async Task<CommandReport> AgainAsync(CommandRequest request)
    {
        var report = await EndAsync(request);
        await Eventually.PassesAsync(() => Assert.True(IsTold(request)), Cancel);
        Agents.Forget(request.OperationId);
        return report;
    }

    private bool IsTold(CommandRequest request) => Directory.GetFiles(Path.Combine(_state.Path, "commands"), "*.json")
        .Single(file => File.ReadAllText(file).Contains($"\"{request.OperationId}\"", StringComparison.Ordinal)) is var file && File.Exists(file + ".told");

    private Task ConnectedAsync() => Eventually.PassesAsync(() =>
    {
        if (Agents.Live.Current.Find("edge-1") is { IsConnected: true }) return;
        _time.Advance(Pace);
        Assert.Fail("The agent is not connected.");
    }, Cancel);

    private void StartAgent()
    {
        var file = Path.Combine(_state.Path, "token");
        File.WriteAllText(file, _token);
        _stop = new CancellationTokenSource();
        _running = new AgentHost(_probe, new AgentOptions { StateDirectory = _state.Path }, new LinkOptions(_network.Url, "edge-1", file), _time, NullLoggerFactory.Instance).RunAsync(_stop.Token);
    }

    // What lies in its directory at this moment is left; what it does until it has ended goes nowhere.
    private async Task KillAgentAsync(HeldProbe.Hold? hold, Action? before = null)
    {
        var (dead, left) = (_state, TestAgent.Copy(_state));
        await StopAgentAsync(hold);
        dead.Dispose();
        _state = left;
        before?.Invoke();
        StartAgent();
    }

    private async Task StopAgentAsync(HeldProbe.Hold? hold)
    {
        await _stop.CancelAsync();
        hold?.Die();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
    }

    private async Task RestartPortalAsync()
    {
        await _portal.DisposeAsync();
        _portal = await StartPortalAsync();
        _network.Mend(new Uri(_portal.Addresses.Single()));
    }

    private async Task<PortalApp> StartPortalAsync()
    {
        var portal = PortalApp.Create(new PortalOptions { Demo = true, Data = _data.Path, Urls = "http://127.0.0.1:0" }, services => services
            .AddSingleton(new Scenario("without nodes", [])).AddSingleton(LifePace.Instant));
        await portal.StartAsync(Cancel);
        return portal;
    }
}
