using Microsoft.EntityFrameworkCore;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;
using Portal.Database;

namespace Portal.Metrics;

/// <summary>Folds the readings of one stream, in the transaction of its caller.</summary>
internal sealed class StreamFold(PortalDb database, string stream, long foldedUntil, long now)
{
    // The week of a node that was away comes in pieces.
    private const int MostRows = 5000;

    // A reading for so many points, or fewer, tells nothing of most of them.
    private const int PointsOfSparse = 2;

    private readonly Dictionary<(int Tier, long Start), Segment> _segments = [];
    private readonly HashSet<(int Tier, long Start)> _new = [];

    /// <returns>How far the stream is folded now.</returns>
    public async Task<StreamTimes> RunAsync(CancellationToken cancel)
    {
        var late = await database.Readings.AsNoTracking().Where(row => row.Stream == stream && row.IsLate).OrderBy(row => row.FirstAt).Take(MostRows).ToListAsync(cancel);
        var rows = await database.Readings.AsNoTracking().Where(row => row.Stream == stream && !row.IsLate).OrderBy(row => row.LastAt).Take(MostRows).ToListAsync(cancel);
        var source = new ReadingSource(database);
        if (late.Count > 0) await AddLateAsync(await source.DecodeAsync(stream, late, cancel), cancel);
        var readings = await source.DecodeAsync(stream, rows, cancel);
        var until = await AddAsync(readings, cancel);
        foreach (var tier in Tier.All.Skip(1)) await CloseAsync(tier, until, cancel);
        foreach (var (key, segment) in _segments) Write(key, segment);
        if (late.Count > 0) await DeleteAsync(late, cancel);
        var seam = SeamOf(readings, until);
        await database.Readings.Where(row => row.Stream == stream && !row.IsLate && row.LastAt < seam).ExecuteDeleteAsync(cancel);
        var kept = rows.Where(row => row.LastAt >= seam).ToArray();
        return new(until, kept.Length == 0 ? 0 : kept.Min(row => row.FirstAt), kept.Length == 0 ? 0 : kept.Max(row => row.LastAt));
    }

    private Task<int> DeleteAsync(List<ReadingRow> rows, CancellationToken cancel)
    {
        long[] ids = [.. rows.Select(row => row.Id)];
        return database.Readings.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancel);
    }

    private async Task<long> AddAsync(List<NodeReading> readings, CancellationToken cancel)
    {
        var until = foldedUntil;
        if (readings.Count == 0) return until;
        var last = readings[^1].At;
        var at = 0;
        while (true)
        {
            // A silence may be longer than a window.
            while (at < readings.Count && readings[at].At < until) at++;
            if (at == readings.Count) return until;
            var tier = TierOf(readings, at, until);
            var window = tier.WindowOf(readings[at].At);
            if (window + tier.WindowMilliseconds > last) return until;
            var segment = Segment.Of(tier, window);
            ReadingFold.Into(segment, Around(readings, segment));
            if (segment.Columns.Count > 0) (await LoadAsync(tier, window, cancel)).Add(segment);
            until = segment.End;
        }
    }

    /// <summary>The finest tier that says more than a coarser one and still keeps that time: what pruning would take away at once is not made, and what was
    /// measured seldom is not spread over points that nobody measured. Windows that are begun are ended as they were begun.</summary>
    private Tier TierOf(List<NodeReading> readings, int at, long until)
    {
        var tier = Tier.TenSeconds;
        while (tier.Coarser is { } coarser)
        {
            var window = coarser.WindowOf(readings[at].At);
            var end = window + coarser.WindowMilliseconds;
            if (window < until || end > readings[^1].At) break;
            if (end > now - (long)tier.Retention.TotalMilliseconds && !IsSparse(readings, at, end, tier)) break;
            tier = coarser;
        }
        return tier;
    }

    /// <summary>Nowhere in the window was measured more often: a mean would let a busy hour of it go.</summary>
    private static bool IsSparse(List<NodeReading> readings, int at, long end, Tier tier)
    {
        for (var next = at + 1; next < readings.Count && readings[next].At < end; next++)
        {
            // What agent and cluster tell of the same moment is one reading in time.
            var apart = readings[next].At - readings[next - 1].At;
            if (apart > 0 && apart < PointsOfSparse * tier.StepMilliseconds) return false;
        }
        return true;
    }

    /// <summary>The readings of a segment's time, with those before and after it that its first and last rates need.</summary>
    private static IEnumerable<NodeReading> Around(List<NodeReading> readings, Segment segment)
    {
        var reach = (long)ReadingFold.LongestInterval.TotalMilliseconds;
        return readings.Where(reading => reading.At >= segment.Start - reach && reading.At <= segment.End + reach);
    }

    private async Task AddLateAsync(List<NodeReading> readings, CancellationToken cancel)
    {
        foreach (var window in readings.Select(reading => Tier.TenSeconds.WindowOf(reading.At)).Distinct().ToArray())
        {
            var segment = Segment.Of(Tier.TenSeconds, window);
            ReadingFold.Into(segment, Around(readings, segment));
            (await LoadAsync(Tier.TenSeconds, window, cancel)).Add(segment);
            foreach (var tier in Tier.All.Skip(1))
                if (await FindAsync(tier, tier.WindowOf(window), cancel) is { } coarse) coarse.Add(segment);
        }
    }

    /// <summary>Makes the windows of a coarser tier that have ended.</summary>
    private async Task CloseAsync(Tier tier, long until, CancellationToken cancel)
    {
        var finer = tier.Finer!;
        // Nothing can have ended in the window that the last fold ended in.
        if (tier.WindowOf(until) == tier.WindowOf(foldedUntil)) return;
        var last = await database.Segments.Where(row => row.Stream == stream && row.Tier == tier.Seconds).MaxAsync(row => (long?)row.Start, cancel);
        var from = last is { } start ? start + tier.WindowMilliseconds : 0;
        var starts = await database.Segments.Where(row => row.Stream == stream && row.Tier == finer.Seconds && row.Start >= from).Select(row => row.Start).ToListAsync(cancel);
        starts.AddRange(_segments.Keys.Where(key => key.Tier == finer.Seconds && key.Start >= from).Select(key => key.Start));
        foreach (var window in starts.Distinct().GroupBy(tier.WindowOf).Where(window => window.Key + tier.WindowMilliseconds <= until).OrderBy(window => window.Key))
        {
            var segment = await LoadAsync(tier, window.Key, cancel);
            foreach (var part in window.Order())
                if (await FindAsync(finer, part, cancel) is { } fine) segment.Add(fine);
        }
    }

    private async Task<Segment> LoadAsync(Tier tier, long start, CancellationToken cancel)
    {
        if (await FindAsync(tier, start, cancel) is { } known) return known;
        _new.Add((tier.Seconds, start));
        return _segments[(tier.Seconds, start)] = Segment.Of(tier, start);
    }

    private async Task<Segment?> FindAsync(Tier tier, long start, CancellationToken cancel)
    {
        var key = (tier.Seconds, start);
        if (_segments.TryGetValue(key, out var known)) return known;
        var data = await database.Segments.Where(row => row.Stream == stream && row.Tier == tier.Seconds && row.Start == start).Select(row => row.Data).FirstOrDefaultAsync(cancel);
        return data is null ? null : _segments[key] = SegmentCodec.Decode(data);
    }

    private void Write((int Tier, long Start) key, Segment segment)
    {
        var row = new SegmentRow { Stream = stream, Tier = key.Tier, Start = key.Start, Data = SegmentCodec.Encode(segment) };
        if (_new.Contains(key)) database.Segments.Add(row);
        else database.Segments.Update(row);
    }

    /// <summary>The moment of the earliest reading that a later rate needs: the last one before the end of what is folded, of each who measures.</summary>
    private static long SeamOf(List<NodeReading> readings, long until)
    {
        var seam = until;
        foreach (var origin in readings.Where(reading => reading.At <= until).GroupBy(reading => reading.Origin)) seam = Math.Min(seam, origin.Max(reading => reading.At));
        return Math.Max(seam, until - (long)ReadingFold.LongestInterval.TotalMilliseconds);
    }
}
