using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;
using Portal.Database;

namespace Portal.Metrics;

/// <summary>Measures what the portal itself knows: the room on every node once a minute, what kubelets have told of file systems, and what all disks do
/// together every ten seconds.</summary>
public sealed partial class ClusterSampler(
    MetricHistory history, LiveMetrics live, Live<StorageState> storage, Live<AgentsSnapshot> agents, Live<KubeletUses> uses, IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<ClusterSampler> logger)
    : BackgroundService
{
    // Samples of agents are not held up for longer than a moment.
    private const int NodesAtOnce = 500;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RoomEvery = TimeSpan.FromMinutes(1);

    private KubeletUses _keptUses = KubeletUses.Empty;
    private DateTimeOffset? _roomAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Round, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await SampleAsync(stoppingToken);
                }
                catch (Exception failed) when (DatabaseProblem.IsOf(failed))
                {
                    LogNotKept(failed);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
    }

    private async Task SampleAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var readings = new List<(string Stream, NodeReading Reading)>();
        if (TotalRates.Reading(live.Now.Current, agents.Current, now) is { } total) Add(MetricStream.OfCluster, total);
        var told = uses.Current;
        foreach (var reading in storage.Current.Nodes.Select(node => OfKubelet(node, told)).OfType<NodeReading>()) Add(MetricStream.OfKubelet, reading);
        // A cluster that is still being read has not told what its nodes have.
        if (storage.Current.IsComplete && (_roomAt is not { } last || now - last > RoomEvery - (Round / 2)))
        {
            foreach (var reading in storage.Current.Nodes.SelectMany(node => CapacityReading.Of(node, agents.Current.Find(node.Name), now))) Add(MetricStream.OfCluster, reading);
            _roomAt = now;
        }
        foreach (var some in readings.Chunk(NodesAtOnce)) await KeepAsync(some, cancel);
        _keptUses = told;

        void Add(Func<string, string> stream, NodeReading reading) => readings.Add((stream(reading.Node), reading));
    }

    /// <summary>null when the kubelet has told nothing new.</summary>
    private NodeReading? OfKubelet(StorageNode node, KubeletUses told) =>
        told.Nodes.TryGetValue(node.Name, out var answer) && answer.At > DateTimeOffset.MinValue && answer.At != _keptUses.Nodes.GetValueOrDefault(node.Name)?.At ? KubeletReading.Of(node, answer) : null;

    private async Task KeepAsync((string Stream, NodeReading Reading)[] readings, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        foreach (var (stream, reading) in readings) await history.AddAsync(database, stream, [reading], cancel);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        foreach (var (stream, reading) in readings) history.Kept(stream, reading.At, reading.At);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What the cluster tells of its room could not be kept; it is tried again with the next numbers")]
    private partial void LogNotKept(Exception failed);
}
