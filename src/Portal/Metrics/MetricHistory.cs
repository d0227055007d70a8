using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;
using Portal.Database;

namespace Portal.Metrics;

// Readings are written as they come, one row for a batch: that is all that has to be safe before the agent may forget them. Buckets are made of them
// later and elsewhere (HistoryFolder), a window at a time. What a node's readings are of stands in a layout that is kept once.

/// <summary>Keeps what was measured: new readings of a node, in the transaction of whoever brings them.</summary>
public sealed partial class MetricHistory(LiveMetrics live, TimeProvider time, ILogger<MetricHistory> logger)
{
    /// <summary>A node's clock may run ahead by so much; what is said to be of a later time is not kept.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<long, bool> _layouts = new();
    private readonly ConcurrentDictionary<string, ImmutableArray<long>> _written = new();
    private readonly ConcurrentDictionary<string, StreamTimes> _times = new();

    /// <summary>Of every stream, what of it is folded.</summary>
    public ConcurrentDictionary<string, StreamTimes> Times => _times;

    /// <summary>What of an agent's samples the history has taken, as <see cref="Agents.SampleSink"/> wants it.</summary>
    public async Task KeepAsync(PortalDb database, string node, ImmutableArray<NodeSample> samples, CancellationToken cancel)
    {
        samples = InTime(node, samples);
        if (samples.IsEmpty) return;
        ImmutableArray<NodeReading> readings = [.. samples.Select(sample => NodeReading.From(node, sample))];
        live.Accept(node, readings);
        await AddAsync(database, MetricStream.OfAgent(node), readings, cancel);
    }

    /// <summary>Adds readings, in order of time, to a stream, in the transaction of the caller.</summary>
    public async Task AddAsync(PortalDb database, string stream, ImmutableArray<NodeReading> readings, CancellationToken cancel)
    {
        // What a transaction wrote that came to nothing is not there.
        _written.TryRemove(stream, out _);
        for (var first = 0; first < readings.Length;)
        {
            var layout = ReadingLayout.Of(readings[first]);
            var next = first + 1;
            while (next < readings.Length && layout.Fits(readings[next])) next++;
            var run = readings[first..next];
            var foldedUntil = _times.GetValueOrDefault(stream).FoldedUntil;
            database.Readings.Add(new ReadingRow
            {
                Stream = stream,
                Layout = await LayoutAsync(database, stream, layout, cancel),
                FirstAt = run[0].At,
                LastAt = run[^1].At,
                IsLate = run[0].At < foldedUntil,
                Data = ReadingCodec.Encode(run),
            });
            first = next;
        }
    }

    /// <summary>The transaction with readings of a stream is on the disk.</summary>
    public void Kept(string stream, long firstAt, long lastAt)
    {
        if (_written.TryRemove(stream, out var written))
        {
            foreach (var id in written) _layouts[id] = true;
        }
        _times.AddOrUpdate(stream, _ => new(0, firstAt, lastAt), (_, times) => times with
        {
            FirstAt = times.FirstAt == 0 ? firstAt : Math.Min(times.FirstAt, firstAt),
            LastAt = Math.Max(times.LastAt, lastAt),
            HasLate = times.HasLate || firstAt < times.FoldedUntil,
        });
    }

    /// <inheritdoc cref="Kept(string, long, long)"/>
    public void Kept(string node, ImmutableArray<NodeSample> samples)
    {
        samples = InTime(node, samples);
        if (!samples.IsEmpty) Kept(MetricStream.OfAgent(node), samples.Min(sample => sample.TakenAt).ToUnixTimeMilliseconds(), samples.Max(sample => sample.TakenAt).ToUnixTimeMilliseconds());
    }

    /// <summary>Reads what was folded before the portal started. Layouts that no reading has any more go.</summary>
    public async Task LoadAsync(IDbContextFactory<PortalDb> databases, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await database.ReadingLayouts.Where(layout => !database.Readings.Any(reading => reading.Layout == layout.Id)).ExecuteDeleteAsync(cancel);
        var readings = await database.Readings.GroupBy(row => row.Stream)
            .Select(rows => new { Stream = rows.Key, First = rows.Min(row => row.FirstAt), Last = rows.Max(row => row.LastAt), HasLate = rows.Any(row => row.IsLate) }).ToListAsync(cancel);
        var finest = Tier.TenSeconds;
        var segments = await database.Segments.Where(row => row.Tier == finest.Seconds).GroupBy(row => row.Stream)
            .Select(rows => new { Stream = rows.Key, Start = rows.Max(row => row.Start) }).ToDictionaryAsync(rows => rows.Stream, rows => rows.Start + finest.WindowMilliseconds, cancel);
        foreach (var (stream, until) in segments) _times[stream] = new(until, 0, 0);
        foreach (var rows in readings) _times[rows.Stream] = new(segments.GetValueOrDefault(rows.Stream), rows.First, rows.Last) { HasLate = rows.HasLate };
    }

    private ImmutableArray<NodeSample> InTime(string node, ImmutableArray<NodeSample> samples)
    {
        var latest = time.GetUtcNow() + ClockTolerance;
        if (samples.All(sample => sample.TakenAt <= latest)) return samples;
        LogAhead(node);
        return samples.RemoveAll(sample => sample.TakenAt > latest);
    }

    private async Task<long> LayoutAsync(PortalDb database, string stream, ReadingLayout layout, CancellationToken cancel)
    {
        var bytes = layout.Encode();
        var id = ReadingLayout.IdOf(bytes);
        if (_layouts.ContainsKey(id)) return id;
        // Known only once its transaction is on the disk.
        _written.AddOrUpdate(stream, _ => [id], (_, ids) => ids.Add(id));
        await database.Database.ExecuteSqlAsync($"""INSERT INTO metric_layouts ("Id", "Data") VALUES ({id}, {bytes}) ON CONFLICT DO NOTHING""", cancel);
        return id;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock of node {Node} is more than ten minutes ahead: what it measures is not kept until it is set right")]
    private partial void LogAhead(string node);
}

/// <summary>How far the readings of a stream are folded; all in milliseconds since 1970.</summary>
/// <param name="FoldedUntil">What was measured before this is in segments.</param>
/// <param name="FirstAt">The first reading that is kept as it came.</param>
/// <param name="LastAt">The last one.</param>
public readonly record struct StreamTimes(long FoldedUntil, long FirstAt, long LastAt)
{
    /// <summary>Some readings came when their time had been folded.</summary>
    public bool HasLate { get; init; }

    /// <summary>The window to be folded next has ended, and a reading from after its end is there.</summary>
    public bool IsDue => HasLate || (LastAt > 0 && LastAt >= Tier.TenSeconds.WindowOf(Math.Max(FirstAt, FoldedUntil)) + Tier.TenSeconds.WindowMilliseconds);
}
