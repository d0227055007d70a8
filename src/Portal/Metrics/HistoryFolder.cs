using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Database;

namespace Portal.Metrics;

// A window of ten minutes is folded when it has ended and a reading from after its end is there, so that no rate is cut in two. The last reading before
// the end stays for the first rate of the next window. A coarser window is made of the finer ones when it has ended; whoever reads the history before
// that takes the finer ones. What comes so late that a tier does not keep its time any more, or was measured so seldom that a coarser tier says as much, is
// folded in the coarser one at once. Readings that come for a window that is folded are added to it, in each resolution in which it exists.

/// <summary>Makes segments of readings, a few streams at a time.</summary>
public sealed partial class HistoryFolder(MetricHistory history, HistoryPruning pruning, IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<HistoryFolder> logger) : BackgroundService
{
    private const int StreamsAtOnce = 20;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (var pruned = DateTimeOffset.MinValue; ; await Task.Delay(LookEvery, time, stoppingToken))
            {
                await FoldDueAsync(stoppingToken);
                if (time.GetUtcNow() - pruned < PruneEvery) continue;
                await pruning.PruneAsync(stoppingToken);
                pruned = time.GetUtcNow();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes; what is not folded is folded after the next start.
        }
    }

    /// <summary>Folds all windows that have ended.</summary>
    public async Task FoldDueAsync(CancellationToken cancel)
    {
        var due = history.Times.Where(stream => stream.Value.IsDue).Select(stream => stream.Key).ToArray();
        var took = TimeSpan.Zero;
        foreach (var streams in due.Chunk(StreamsAtOnce))
        {
            // Windows of all nodes end at once; whoever looks at a page, or sends samples, is not made to wait for them.
            await Task.Delay(took, time, cancel);
            var began = Stopwatch.GetTimestamp();
            try
            {
                await FoldAsync(streams, cancel);
            }
            catch (Exception failed) when (DatabaseProblem.IsOf(failed) || failed is InvalidDataException)
            {
                LogNotFolded(failed, streams[0], streams.Length);
            }
            took = Stopwatch.GetElapsedTime(began);
        }
    }

    private async Task FoldAsync(string[] streams, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var done = new Dictionary<string, StreamTimes>();
        foreach (var stream in streams) done[stream] = await new StreamFold(database, stream, history.Times[stream].FoldedUntil, time.GetUtcNow().ToUnixTimeMilliseconds()).RunAsync(cancel);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        foreach (var (stream, times) in done)
        {
            // Readings may have come meanwhile.
            history.Times.AddOrUpdate(stream, times, (_, now) => now with { FoldedUntil = times.FoldedUntil, FirstAt = Math.Min(times.FirstAt, now.LastAt), HasLate = false });
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Measurements of {Stream} and others ({Count}) could not be folded; it is tried again")]
    private partial void LogNotFolded(Exception failed, string stream, int count);
}
