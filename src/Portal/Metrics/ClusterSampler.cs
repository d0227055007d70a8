using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Database;

namespace Portal.Metrics;

/// <summary>Measures what the portal itself knows: the room on every node once a minute, and what all disks do together every ten seconds.</summary>
public sealed partial class ClusterSampler(
    MetricHistory history, LiveMetrics live, Live<StorageState> storage, Live<AgentsSnapshot> agents, IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<ClusterSampler> logger)
    : BackgroundService
{
    private const int RoundsOfAMinute = 6;

    // Samples of agents are not held up for longer than a moment.
    private const int NodesAtOnce = 500;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Round, time);
            for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                try
                {
                    await SampleAsync(round % RoundsOfAMinute == 0, stoppingToken);
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

    private async Task SampleAsync(bool withNodes, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var readings = new List<NodeReading>();
        if (TotalRates.Reading(live.Now.Current, agents.Current, now) is { } total) readings.Add(total);
        if (withNodes) readings.AddRange(storage.Current.Nodes.Select(node => CapacityReading.Of(node, agents.Current.Find(node.Name), now)).OfType<NodeReading>());
        foreach (var some in readings.Chunk(NodesAtOnce)) await KeepAsync(some, cancel);
    }

    private async Task KeepAsync(NodeReading[] readings, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        foreach (var reading in readings) await history.AddAsync(database, MetricStream.OfCluster(reading.Node), [reading], cancel);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        foreach (var reading in readings) history.Kept(MetricStream.OfCluster(reading.Node), reading.At, reading.At);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What the cluster tells of its room could not be kept; it is tried again with the next numbers")]
    private partial void LogNotKept(Exception failed);
}
