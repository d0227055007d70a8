using Microsoft.EntityFrameworkCore;
using Portal.Core.Metrics.History;
using Portal.Database;

namespace Portal.Metrics;

/// <summary>How much of the past is kept.</summary>
/// <param name="LargestBytes">What the history may take on the disk; when it takes more, the oldest of the finest resolution goes first.</param>
public sealed record HistoryOptions(long LargestBytes)
{
    public static readonly HistoryOptions Default = new(8L << 30);
}

/// <summary>Takes away what is older than its tier keeps it, and what there is no room for.</summary>
public sealed partial class HistoryPruning(HistoryOptions options, IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<HistoryPruning> logger)
{
    // Enough to be worth the work, and little enough not to hold up what is measured meanwhile.
    private const int SegmentsAtOnce = 2000;

    public async Task PruneAsync(CancellationToken cancel)
    {
        try
        {
            await using var database = await databases.CreateDbContextAsync(cancel);
            var now = time.GetUtcNow();
            foreach (var tier in Tier.All)
            {
                var oldest = (now - tier.Retention).ToUnixTimeMilliseconds() - tier.WindowMilliseconds;
                while (await DeleteOldestAsync(database, tier, oldest, cancel) == SegmentsAtOnce) cancel.ThrowIfCancellationRequested();
            }
            var before = await BytesAsync(database, cancel);
            if (before <= options.LargestBytes) return;
            foreach (var tier in Tier.All)
                while (await BytesAsync(database, cancel) > options.LargestBytes && await DeleteOldestAsync(database, tier, long.MaxValue, cancel) > 0) cancel.ThrowIfCancellationRequested();
            LogShortened(before >> 20, options.LargestBytes >> 20);
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed))
        {
            LogNotPruned(failed);
        }
    }

    /// <summary>What segments take. What the database has freed it uses again, so its file does not tell.</summary>
    private static async Task<long> BytesAsync(PortalDb database, CancellationToken cancel) => await database.Segments.SumAsync(row => (long)row.Data.Length, cancel);

    private static async Task<int> DeleteOldestAsync(PortalDb database, Tier tier, long before, CancellationToken cancel)
    {
        var rows = await database.Segments.AsNoTracking().Where(row => row.Tier == tier.Seconds && row.Start < before).OrderBy(row => row.Start).Take(SegmentsAtOnce)
            .Select(row => new { row.Stream, row.Start }).ToListAsync(cancel);
        if (rows.Count == 0) return 0;
        var last = rows[^1].Start;
        // The windows of all streams begin at the same moments: whole moments go, so that none is favoured.
        await database.Segments.Where(row => row.Tier == tier.Seconds && row.Start <= last && row.Start < before).ExecuteDeleteAsync(cancel);
        return rows.Count;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The history took {MiB} MiB, more than the {Limit} MiB it may: the oldest of its finest points went")]
    private partial void LogShortened(long miB, long limit);

    [LoggerMessage(Level = LogLevel.Error, Message = "The history could not be shortened; it is tried again")]
    private partial void LogNotPruned(Exception failed);
}
