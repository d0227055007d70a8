using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.Kubernetes.Credentials;
using Portal.Core.NodeCommands;
using Portal.Database;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Tests.Testing;
using LifePace = Portal.Simulator.Life.Pace;

namespace Portal.Tests.Portal.Agents;

/// <summary>A week without a network, in the time that a test has, with agent and portal killed in between.</summary>
public sealed class LongOutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(20261125);
    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _data = new();
    private readonly HashSet<string> _reached = [];
    private PortalApp _portal = null!;
    private TcpRelay _network = null!;
    private TestAgent _agent = null!;
    private Secret _token = null!;
    private int _taken;
    private int _commands;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _portal = await StartPortalAsync();
        _network = new TcpRelay(new Uri(_portal.Addresses.Single()));
        _token = await _portal.Services.GetRequiredService<JoinTokens>().CreateAsync("edge-1", TimeSpan.FromDays(30), "admin", Cancel);
        StartAgent(null);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _network.DisposeAsync();
        await _portal.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task After_a_week_offline_every_sample_is_there_once_and_every_command_has_reached_the_node()
    {
        await LiveAsync(TimeSpan.FromHours(1));
        _network.Cut();
        for (var day = 0; day < 7; day++)
        {
            Sample(TimeSpan.FromHours(_random.Next(24)));
            await KillAgentAsync();
            if (day % 3 == 1)
            {
                await RestartPortalAsync(isOnline: false);
                Assert.False(_portal.Services.GetRequiredService<AgentRegistry>().Live.Current.Find("edge-1")!.IsConnected);
            }
            Sample(TimeSpan.FromDays(day + 1) - (Pace * (_taken - 360)));
        }
        _network.Mend(new Uri(_portal.Addresses.Single()));
        for (var round = 0; round < 6; round++)
        {
            await KeptAsync((_taken * (round + 1) / 8) - 200);
            await DisturbAsync(round);
        }
        await LiveAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(360 + (7 * 8640) + 60, _taken);
        await Eventually.PassesAsync(async () =>
        {
            _time.Advance(Pace);
            Assert.Equal(_taken, (await KeptAsync()).Count);
        }, Cancel);
        Assert.Equal(Enumerable.Range(0, _taken).Select(number => (long)number), await KeptAsync());
        Assert.Equal(_commands, _reached.Count);
    }

    /// <summary>Samples are taken and a command is given every five minutes, while something breaks now and then.</summary>
    private async Task LiveAsync(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= TimeSpan.FromMinutes(5))
        {
            Sample(TimeSpan.FromMinutes(5));
            var command = CommandAsync($"operation-{_commands++}");
            if (_random.Next(3) == 0) await DisturbAsync(_random.Next(3));
            await command;
        }
    }

    private void Sample(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= Pace)
        {
            _time.Advance(Pace);
            _agent.Spool.Append(new NodeSample(0, _time.GetUtcNow(), "boot", [new("8:0", "sda", _taken++, 0, 0, 0, 0, 0, 0, 0, 0)]));
        }
    }

    /// <summary>As an operation does it: sent until its end is known.</summary>
    private Task CommandAsync(string id) => Eventually.PassesAsync(async () =>
    {
        _time.Advance(Pace);
        var agents = _portal.Services.GetRequiredService<AgentRegistry>();
        if (agents.Live.Current.Commands.GetValueOrDefault(id)?.State != CommandState.Done)
            Assert.Equal(CommandState.Done, (await agents.ExecuteAsync("edge-1", new CommandRequest(id, new ActivateVolumeGroup("data"), ""), Cancel)).State);
        agents.Forget(id);
    }, Cancel);

    private async Task DisturbAsync(int how)
    {
        switch (how % 3)
        {
            case 0:
                await KillAgentAsync();
                break;
            case 1:
                await RestartPortalAsync(isOnline: true);
                break;
            default:
                _network.Cut();
                await _agent.Link.State.UntilAsync(link => !link.IsUp, Cancel);
                _network.Mend();
                break;
        }
    }

    private async Task KillAgentAsync()
    {
        // It may go on for a moment after the copy: what it still tells comes a second time from the next one.
        var left = _agent.CopyFiles();
        await _agent.DisposeAsync();
        StartAgent(left);
    }

    private void StartAgent(TemporaryFolder? left) => _agent = new TestAgent(_network.Url, "edge-1", _token, left, _time)
    {
        Execute = request =>
        {
            lock (_reached) _reached.Add(request.OperationId);
            return new(request.OperationId, CommandState.Done, null, []);
        },
    };

    private async Task RestartPortalAsync(bool isOnline)
    {
        await _portal.DisposeAsync();
        _portal = await StartPortalAsync();
        if (isOnline) _network.Mend(new Uri(_portal.Addresses.Single()));
    }

    private async Task<PortalApp> StartPortalAsync()
    {
        var portal = PortalApp.Create(new PortalOptions { Demo = true, Data = _data.Path, Urls = "http://127.0.0.1:0" }, services => services
            .AddSingleton(new Scenario("without nodes", [])).AddSingleton(LifePace.Instant)
            .AddSingleton<SampleSink>(SampleTable.KeepAsync));
        await portal.StartAsync(Cancel);
        return portal;
    }

    private Task KeptAsync(int atLeast) => Eventually.PassesAsync(async () =>
    {
        _time.Advance(Pace);
        Assert.InRange((await KeptAsync()).Count, atLeast, int.MaxValue);
    }, Cancel);

    private Task<List<long>> KeptAsync() => SampleTable.ReadAsync(_portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>(), Cancel);
}
