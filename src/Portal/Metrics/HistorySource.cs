using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;
using Portal.Database;

namespace Portal.Metrics;

/// <summary>Answers from what the portal has kept: segments of the resolution that is wanted, finer ones where those are not made yet, and readings that
/// are not folded.</summary>
public sealed class HistorySource(IDbContextFactory<PortalDb> databases, MetricHistory history) : IMetricSource
{
    // A chart has as many pixels.
    private const int MostPoints = 10_000;

    public async Task<ImmutableArray<MetricSeries>> QueryAsync(MetricQuery query, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var segments = new Dictionary<string, Segment>();
        foreach (var stream in query.Series.Distinct().SelectMany(key => MetricStream.AllOf(key).Select(stream => (stream, key))).GroupBy(one => one.stream, one => SeriesId.Of(one.key)))
            segments[stream.Key] = await ReadUnmovedAsync(database, stream.Key, query, stream.ToHashSet(), cancel);
        return [.. query.Series.Select(key => SeriesOf(key, [.. MetricStream.AllOf(key).Select(stream => segments[stream])]))];
    }

    /// <summary>Folding moves what was measured from readings to segments: what it moves while it is read is read again.</summary>
    private async Task<Segment> ReadUnmovedAsync(PortalDb database, string stream, MetricQuery query, HashSet<SeriesId> wanted, CancellationToken cancel)
    {
        while (true)
        {
            var folded = FoldedUntil(stream);
            var answer = await ReadAsync(database, stream, query, wanted, cancel);
            if (FoldedUntil(stream) == folded) return answer;
        }
    }

    private long FoldedUntil(string stream) => history.Times.TryGetValue(stream, out var times) ? times.FoldedUntil : 0;

    private async Task<Segment> ReadAsync(PortalDb database, string stream, MetricQuery query, HashSet<SeriesId> wanted, CancellationToken cancel)
    {
        var step = Math.Max(StepOf(query), 1000);
        var from = query.From.ToUnixTimeMilliseconds() / step * step;
        var to = query.To.ToUnixTimeMilliseconds();
        var count = Math.Clamp((to - from + step - 1) / step, 1, MostPoints);
        var answer = new Segment(from, step, (int)count);
        var tier = await TierOfAsync(database, stream, step, from, cancel);
        var covered = new List<(long Start, long End)>();
        // A fold that ends meanwhile is seen by its segments before it is said how far it came.
        var end = Math.Min(answer.End, FoldedUntil(stream));
        for (var one = tier; one is not null; one = one.Finer)
        {
            var begin = from - one.WindowMilliseconds;
            var starts = await database.Segments.AsNoTracking().Where(row => row.Stream == stream && row.Tier == one.Seconds && row.Start > begin && row.Start < end)
                .Select(row => row.Start).ToListAsync(cancel);
            long[] missing = [.. starts.Where(start => !covered.Any(window => window.Start <= start && start < window.End))];
            if (missing.Length == 0) continue;
            var rows = database.Segments.AsNoTracking().Where(row => row.Stream == stream && row.Tier == one.Seconds && row.Start >= missing.Min() && row.Start <= missing.Max());
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancel))
                if (missing.Contains(row.Start)) answer.Add(SegmentCodec.Decode(row.Data, wanted));
            covered.AddRange(missing.Select(start => (start, start + one.WindowMilliseconds)));
        }
        await AddUnfoldedAsync(database, stream, answer, wanted, cancel);
        return answer;
    }

    private async Task AddUnfoldedAsync(PortalDb database, string stream, Segment answer, HashSet<SeriesId> wanted, CancellationToken cancel)
    {
        var folded = FoldedUntil(stream);
        if (answer.End <= folded) return;
        var begin = Math.Max(folded, answer.Start);
        var since = begin - (long)ReadingFold.LongestInterval.TotalMilliseconds;
        var rows = await database.Readings.AsNoTracking().Where(row => row.Stream == stream && !row.IsLate && row.LastAt >= since).ToListAsync(cancel);
        if (rows.Count == 0) return;
        var readings = await new ReadingSource(database).DecodeAsync(stream, rows, cancel);
        var step = Math.Min(answer.Step, Tier.TenSeconds.StepMilliseconds);
        // Whole steps, so that nothing of a bucket is counted that is folded; and no more of them than there are readings for, because a forecast asks
        // for a year of a node that may have come today.
        var first = readings.Min(reading => reading.At) - Tier.TenSeconds.StepMilliseconds;
        if (first > begin) begin += (first - begin) / step * step;
        var end = Math.Min(answer.End, readings.Max(reading => reading.At));
        if (end <= begin) return;
        var fresh = new Segment(begin, step, (int)((end - begin + step - 1) / step));
        ReadingFold.Into(fresh, readings, wanted);
        answer.Add(fresh, wanted);
    }

    /// <summary>The coarsest tier that is fine enough, or a coarser one where that does not reach back so far.</summary>
    private static async Task<Tier> TierOfAsync(PortalDb database, string stream, long step, long from, CancellationToken cancel)
    {
        var tier = Tier.All.LastOrDefault(tier => tier.StepMilliseconds <= step) ?? Tier.TenSeconds;
        while (tier.Coarser is { } coarser)
        {
            var first = await FirstOfAsync(tier);
            if (first is { } start && start <= from) break;
            // Only when it really knows more of the past.
            if (await FirstOfAsync(coarser) is not { } other || (first is { } mine && other + coarser.WindowMilliseconds > mine)) break;
            tier = coarser;
        }
        return tier;

        Task<long?> FirstOfAsync(Tier of) => database.Segments.Where(row => row.Stream == stream && row.Tier == of.Seconds).MinAsync(row => (long?)row.Start, cancel);
    }

    private static long StepOf(MetricQuery query) => (long)query.Step.TotalMilliseconds;

    /// <param name="segments">Of the same buckets; of each bucket the first counts that knows something.</param>
    private static MetricSeries SeriesOf(SeriesKey key, ImmutableArray<Segment> segments)
    {
        ImmutableArray<SegmentColumn> columns = [.. segments.Select(segment => segment.Columns.GetValueOrDefault(SeriesId.Of(key))).OfType<SegmentColumn>()];
        if (columns.IsEmpty) return new(key, [], null);
        var (first, points) = (segments[0], ImmutableArray.CreateBuilder<MetricPoint>(segments[0].Count));
        var isGap = true;
        (MetricOrigin? Last, MetricOrigin? Before) from = (null, null);
        for (var i = 0; i < first.Count; i++)
        {
            var at = first.Start + (i * first.Step);
            if (columns.FirstOrDefault(column => column.Weight[i] > 0) is { } column)
            {
                points.Add(new(at, column.Min[i], column.Average[i], column.Max[i]));
                isGap = false;
                if (from.Last != column.Origin) from = (column.Origin, from.Last);
            }
            else if (!isGap)
            {
                points.Add(MetricPoint.Gap(at));
                isGap = true;
            }
        }
        if (points.Count > 0 && points[^1].IsGap) points.RemoveAt(points.Count - 1);
        return new(key, points.ToImmutable(), from.Last) { AlsoFrom = from.Before };
    }
}
