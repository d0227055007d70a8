using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agent.Link;
using Portal.Agent.Spool;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Bench;

/// <summary>The agent's real link and spool with an invented node of ten devices, which is sampled each second.</summary>
internal sealed class CrowdAgent : IAsyncDisposable
{
    private const int Devices = 10;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SampleSpool _spool;
    private readonly AgentLink _link;
    private readonly Task _linked;
    private readonly List<(long MadeAt, long HandedAt)> _pending = [];
    private long? _downAt;
    private bool _isUp;

    public CrowdAgent(Uri portal, string node, string folder)
    {
        _spool = new(Path.Combine(folder, "samples"), 64 << 20, TimeProvider.System);
        var reports = new Live<PendingReports>(PendingReports.None);
        _link = new(new LinkOptions(portal, node, Path.Combine(folder, "token")), new AgentDuties
        {
            Inventory = new(Inventory(node)),
            Reports = reports,
            Answered = _ => { },
            PlanAsync = (command, _) => Task.FromResult(new NodePlan(command, "")),
            ExecuteAsync = (request, _) => Task.FromResult(new CommandReport(request.OperationId, CommandState.Running, null, [])),
            RefreshAsync = _ => Task.CompletedTask,
            SetPace = _ => { },
        }, _spool, TimeProvider.System, NullLogger<AgentLink>.Instance);
        _link.State.Subscribe(LinkChanged);
        _linked = _link.RunAsync(_stop.Token);
    }

    /// <summary>How often the portal has welcomed it.</summary>
    public int Welcomes { get; private set; }

    public int Made { get; private set; }

    /// <summary>How long it was without the portal, each time.</summary>
    public List<TimeSpan> Outages { get; } = [];

    public bool IsAllAcknowledged
    {
        get { lock (_gate) return _pending.Count == 0; }
    }

    /// <summary>Samples until it is cancelled, and gives them to the link that many at once.</summary>
    public async Task SampleAsync(TimeSpan begin, int batch, CancellationToken cancel)
    {
        await Task.Delay(begin, CancellationToken.None);
        using var clock = new PeriodicTimer(Pace);
        var waiting = new List<(NodeSample Sample, long MadeAt)>();
        try
        {
            while (await clock.WaitForNextTickAsync(cancel))
            {
                waiting.Add((Sample(), Stopwatch.GetTimestamp()));
                if (waiting.Count == batch) Hand(waiting);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Hand(waiting);
        }
    }

    /// <summary>Adds the delays of what has been acknowledged since the last look.</summary>
    public void Look(List<TimeSpan> fromMade, List<TimeSpan> fromHanded)
    {
        lock (_gate)
        {
            // The spool is empty when the portal has kept all of it.
            if (_pending.Count == 0 || _spool.Bytes > 0) return;
            foreach (var (madeAt, handedAt) in _pending)
            {
                fromMade.Add(Stopwatch.GetElapsedTime(madeAt));
                fromHanded.Add(Stopwatch.GetElapsedTime(handedAt));
            }
            _pending.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _linked;
        _spool.Dispose();
        _stop.Dispose();
    }

    private void Hand(List<(NodeSample Sample, long MadeAt)> waiting)
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var (sample, madeAt) in waiting)
            {
                _spool.Append(sample);
                _pending.Add((madeAt, now));
            }
        }
        waiting.Clear();
    }

    private NodeSample Sample()
    {
        var (count, at) = (++Made, TimeProvider.System.GetUtcNow());
        return new(0, at, "boot", [.. Enumerable.Range(0, Devices).Select(device =>
            new DeviceCounters($"253:{device}", $"dm-{device}", count * 40L, count * 163_840L, count * 12L, count * 90L, count * 1_474_560L, count * 200L, 1, count * 150L, count * 212L))]);
    }

    private void LinkChanged()
    {
        var isUp = _link.State.Current.IsUp;
        if (isUp == _isUp) return;
        _isUp = isUp;
        if (!isUp) _downAt = Stopwatch.GetTimestamp();
        else if (++Welcomes > 1) Outages.Add(Stopwatch.GetElapsedTime(_downAt!.Value));
    }

    private static NodeInventory Inventory(string node) => new(TimeProvider.System.GetUtcNow())
    {
        BootId = "boot",
        KernelVersion = "6.1.0",
        Devices = [.. Enumerable.Range(0, Devices).Select(device => new BlockDevice($"dm-{device}", $"/dev/mapper/{node}-{device}", "lvm", 1L << 30) { Number = $"253:{device}" })],
    };
}
