using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Metrics;
using Portal.Simulator;
using Portal.Tests.Testing;
using LifePace = Portal.Simulator.Life.Pace;

namespace Portal.Tests.Portal.Metrics;

// The agent's link and spool are the real ones, and so are hub, inbox, database and answers of the portal. The node behind the agent is a counter that
// grows at a known rate, and time is the test's: an hour of samples takes as long as writing them down.

/// <summary>A portal and one node with one disk that is written to at a rate which changes every minute, sampled each second.</summary>
internal sealed class LoadedNode : IAsyncDisposable
{
    public const string Name = "edge-hangzhou-1";

    /// <summary>The fastest that it ever writes, in bytes per second.</summary>
    public const double Fastest = 4 << 20;

    private readonly ManualTime _time;
    private readonly MovedTime _portalTime;
    private readonly List<(long From, long To, long Bytes)> _counted = [];
    private string _boot = "boot-1";
    private DeviceCounters? _last;
    private DateTimeOffset _lastAt;
    private long _written;

    private LoadedNode(TestPortal portal, MovedTime portalTime, TcpRelay network, TestAgent agent, ManualTime time) =>
        (Portal, _portalTime, Network, Agent, _time) = (portal, portalTime, network, agent, time);

    public TestPortal Portal { get; }

    /// <summary>Between agent and portal.</summary>
    public TcpRelay Network { get; }

    public TestAgent Agent { get; }

    public static SeriesKey Written { get; } = new(Measured.Disk(Name, "sdb"), Metric.WriteThroughput);

    /// <summary>By the node's clock, and the portal's.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    public static async Task<LoadedNode> StartAsync(CancellationToken cancel)
    {
        var portalTime = new MovedTime();
        // The minutes of the load are those of the clock: no step of a chart lies across two of its rates.
        var start = portalTime.GetUtcNow().ToUnixTimeSeconds() / 60 * 60;
        var time = new ManualTime(DateTimeOffset.FromUnixTimeSeconds(start));
        var portal = await TestPortal.StartAsync(new() { Demo = true }, cancel, services => services
            .AddSingleton<TimeProvider>(portalTime).AddSingleton(Scenario.WithEdgeadm).AddSingleton(LifePace.Instant));
        var network = new TcpRelay(portal.Url);
        var token = await portal.Services.GetRequiredService<JoinTokens>().CreateAsync(Name, TimeSpan.FromDays(1), "admin", cancel);
        var agent = new TestAgent(network.Url, Name, token, time: time);
        agent.Inventory.Publish(new NodeInventory(time.GetUtcNow()) { Devices = [new("sdb", "/dev/sdb", "disk", 1L << 40) { Number = "8:16" }] });
        await agent.ConnectedAsync(cancel);
        await portal.Services.GetRequiredService<AgentRegistry>().Live.UntilAsync(agents => agents.Find(Name)?.Inventory is not null, cancel);
        return new(portal, portalTime, network, agent, time);
    }

    /// <summary>The node works for so long.</summary>
    public void Work(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            _written += RateAt(Now);
            _time.Advance(TimeSpan.FromSeconds(1));
            Sample();
        }
        _portalTime.MoveTo(Now);
    }

    /// <summary>The node is down for so long, and its counters begin at zero; before its agent measures again it has written more than in an hour, so that they
    /// are above those of the boot before it the first time, and below them the second.</summary>
    public void Reboot(TimeSpan down)
    {
        _time.Advance(down);
        (_boot, _written, _last) = ($"{_boot} and once more", 90L << 30, null);
        Sample();
        _portalTime.MoveTo(Now);
    }

    /// <summary>Works until the agent is connected, and waits until the portal has all that was measured.</summary>
    public Task CaughtUpAsync(CancellationToken cancel) => Eventually.PassesAsync(() =>
    {
        // Its pauses between two attempts are of its own clock.
        if (!Agent.Link.State.Current.IsUp) Work(TimeSpan.FromSeconds(1));
        Assert.Equal((true, 0), (Agent.Link.State.Current.IsUp, Agent.Spool.Bytes));
    }, cancel);

    /// <summary>What the counters counted in a stretch of time, in bytes, and how much of it was measured, in milliseconds.</summary>
    public (double Bytes, long Measured) CountedIn(long from, long to)
    {
        var (bytes, measured) = (0.0, 0L);
        foreach (var interval in Overlapping(from, to))
        {
            var common = Math.Min(to, interval.To) - Math.Max(from, interval.From);
            measured += common;
            bytes += (double)interval.Bytes * common / (interval.To - interval.From);
        }
        return (bytes, measured);
    }

    /// <summary>The lowest and the highest rate in a stretch of time, in bytes per second; null when nothing of it was measured.</summary>
    public (double Lowest, double Highest)? RatesIn(long from, long to)
    {
        double[] rates = [.. Overlapping(from, to).Select(interval => interval.Bytes * 1000.0 / (interval.To - interval.From))];
        return rates.Length == 0 ? null : (rates.Min(), rates.Max());
    }

    public async Task<ImmutableArray<MetricPoint>> AskAsync(TimeSpan range, TimeSpan step, CancellationToken cancel) =>
        Assert.Single(await Portal.Services.GetRequiredService<IMetricSource>().QueryAsync(new([Written], Now - range, Now, step), cancel)).Points;

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Network.DisposeAsync();
        await Portal.DisposeAsync();
    }

    private IEnumerable<(long From, long To, long Bytes)> Overlapping(long from, long to)
    {
        var first = _counted.BinarySearch((from, from, 0), Comparer<(long From, long To, long Bytes)>.Create((one, other) => one.To.CompareTo(other.To)));
        return _counted.Skip(first < 0 ? ~first : first + 1).TakeWhile(interval => interval.From < to);
    }

    // 1 to 4 MiB a second, another rate each minute.
    private static long RateAt(DateTimeOffset moment) => (1 + (moment.ToUnixTimeSeconds() / 60 * 3 % 4)) << 20;

    private void Sample()
    {
        var counters = new DeviceCounters("8:16", "sdb", 0, 0, 0, _written >> 20, _written, _written >> 20, 0, _written >> 20, _written >> 20);
        if (_last is { } last) _counted.Add((_lastAt.ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds(), counters.WrittenBytes - last.WrittenBytes));
        (_last, _lastAt) = (counters, Now);
        Agent.Spool.Append(new NodeSample(0, Now, _boot, [counters]));
    }
}
