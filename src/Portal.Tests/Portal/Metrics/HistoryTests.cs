using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;
using Portal.Database;
using Portal.Metrics;
using Portal.Tests.Core.Metrics;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Metrics;

/// <summary>The history on a real database: what goes in comes out, whatever of it is folded by then.</summary>
public abstract class HistoryTests : IAsyncLifetime
{
    private static readonly Measured Disk = Measured.Disk(Readings.Node, "vda");
    private static readonly SeriesKey Written = new(Disk, Metric.WriteThroughput);

    private readonly TestDatabase _database;
    private readonly ManualTime _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Readings.Start));
    private MetricHistory _history;
    private long _writes;

    protected HistoryTests(TestDatabase database) => (_database, _history) = (database, NewHistory());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readings_are_answered_before_and_after_they_are_folded_alike()
    {
        for (var i = 0; i <= 200; i++) await AddAsync(Reading(i * 10_000, Rate(i)));
        var before = await QueryAsync(0, 2000, 10);

        await FoldAsync();

        Assert.Equal(200, before.Points.Length);
        Assert.Equal(Enumerable.Range(1, 200).Select(i => Rate(i) * 4096 / 10.0), before.Points.Select(point => point.Average), Near);
        Assert.Equal(3, await SegmentsAsync(Tier.TenSeconds));
        Assert.Equal(before.Points.Select(point => point.At), (await QueryAsync(0, 2000, 10)).Points.Select(point => point.At));
        Assert.Equal(before.Points.Select(point => point.Average), (await QueryAsync(0, 2000, 10)).Points.Select(point => point.Average), Near);
        Assert.Equal(MetricOrigin.Agent, before.Origin);
    }

    [Fact]
    public async Task After_a_start_of_the_portal_the_next_rate_follows_the_last_one()
    {
        for (var i = 0; i < 130; i++)
        {
            if (i is 65 or 66 or 120) await RestartAsync();
            await AddAsync(Reading(i * 10_000, 10));
            await FoldAsync();
        }

        var series = await QueryAsync(0, 1290, 10);
        Assert.Equal(129, series.Points.Length);
        Assert.All(series.Points, point => Assert.Equal(4096, point.Average, 2.0));
    }

    [Fact]
    public async Task Coarser_points_are_made_of_finer_ones_when_their_window_has_ended()
    {
        await AddManyAsync(Enumerable.Range(0, 1441), i => 10 + (i % 6));
        await FoldAsync();

        Assert.Equal(2, await SegmentsAsync(Tier.Minutes));
        var series = await QueryAsync(0, 4 * 3600, 60);
        Assert.Equal(240, series.Points.Length);
        Assert.All(series.Points, point => Assert.Equal(12.5 * 409.6, point.Average, 12.0));
        Assert.All(series.Points, point => Assert.Equal((10 * 409.6, 15 * 409.6), (point.Min, point.Max), (one, other) => Near(one.Item1, other.Item1) && Near(one.Item2, other.Item2)));
    }

    [Fact]
    public async Task A_silence_is_a_gap()
    {
        for (var i = 0; i <= 60; i++) await AddAsync(Reading(i * 10_000, 10));
        for (var i = 400; i <= 520; i++) await AddAsync(Reading(i * 10_000, 10));
        await FoldAsync();

        var series = await QueryAsync(0, 5200, 10);
        Assert.Equal(Readings.Start + 600_000, Assert.Single(series.Points, point => point.IsGap).At);
        Assert.Equal(60 + 120, series.Points.Count(point => !point.IsGap));
        Assert.All(series.Points.Where(point => !point.IsGap), point => Assert.Equal(4096, point.Average, 2.0));
    }

    [Fact]
    public async Task What_comes_late_is_added_to_every_resolution()
    {
        await AddManyAsync(Enumerable.Range(0, 1501).Where(i => i is < 300 or >= 700), _ => 10);
        await FoldAsync();
        Assert.Contains((await QueryAsync(0, 14_000, 60)).Points, point => point.IsGap);

        await AddAsync([.. Enumerable.Range(300, 400).Select(i => Reading(i * 10_000, 10, "boot-0"))]);
        await FoldAsync();

        // The intervals into and out of the late run are of other counters.
        foreach (var step in (int[])[10, 60])
        {
            var points = (await QueryAsync(3010, 6980, step)).Points;
            Assert.DoesNotContain(points, point => point.IsGap);
            Assert.Equal(3970 / step, points.Length, 1.0);
            Assert.All(points, point => Assert.Equal(4096, point.Average, 2.0));
        }
        Assert.Equal(0, await LateAsync());
    }

    [Fact]
    public async Task What_is_said_to_be_of_a_later_time_is_not_kept()
    {
        var samples = Enumerable.Range(0, 2).Select(hour => new NodeSample(hour + 1, _time.GetUtcNow().AddHours(hour), "boot-1", [Readings.Counters("vda", 0, 10)]));
        await using var database = await _database.Databases.CreateDbContextAsync(Cancel);
        await _history.KeepAsync(database, Readings.Node, [.. samples], Cancel);

        Assert.Equal(Readings.Start, Assert.Single(database.Readings.Local).LastAt);
    }

    [Fact]
    public async Task A_question_for_the_past_of_a_pruned_tier_is_answered_by_a_coarser_one()
    {
        await AddManyAsync(Enumerable.Range(0, 1441), _ => 10);
        await FoldAsync();
        await using (var database = await _database.Databases.CreateDbContextAsync(Cancel))
            await database.Segments.Where(row => row.Tier == 10 && row.Start < Readings.Start + 7_200_000).ExecuteDeleteAsync(Cancel);

        var series = await QueryAsync(0, 3600, 10);

        Assert.Equal(360, series.Points.Length);
        Assert.All(series.Points, point => Assert.Equal(4096, point.Average, 2.0));
    }

    [Fact]
    public async Task The_history_stays_within_its_room_and_loses_its_finest_first()
    {
        await AddManyAsync(Enumerable.Range(0, 1441), i => i * 7919 % 977);
        await FoldAsync();
        var (fine, coarse) = (await SegmentsAsync(Tier.TenSeconds), await SegmentsAsync(Tier.Minutes));
        Assert.True(fine > 20 && coarse == 2);
        await using var database = await _database.Databases.CreateDbContextAsync(Cancel);
        var coarseBytes = await database.Segments.Where(row => row.Tier == 60).SumAsync(row => (long)row.Data.Length, Cancel);

        await new HistoryPruning(new(coarseBytes), _database.Databases, _time, NullLogger<HistoryPruning>.Instance).PruneAsync(Cancel);

        Assert.Equal((0, coarse), (await SegmentsAsync(Tier.TenSeconds), await SegmentsAsync(Tier.Minutes)));
    }

    [Fact]
    public async Task What_is_older_than_its_tier_keeps_it_goes()
    {
        await AddManyAsync(Enumerable.Range(0, 1441), _ => 10);
        await FoldAsync();
        _time.Advance(TimeSpan.FromDays(3));

        await Pruning().PruneAsync(Cancel);

        Assert.Equal((0, 2), (await SegmentsAsync(Tier.TenSeconds), await SegmentsAsync(Tier.Minutes)));
    }

    public async ValueTask InitializeAsync() => await DatabaseServices.MigrateAsync(_database.Databases, Cancel);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private static long Rate(int i) => 10 + (i * 37 % 100);

    private static bool Near(double one, double other) => Math.Abs(one - other) <= 1 + (Math.Abs(one) / 2000);

    private NodeReading Reading(long after, long written, string boot = "boot-1") => Readings.Of(Readings.Start + after, Readings.Counters("vda", 0, _writes += written), boot);

    private MetricHistory NewHistory() => new(new LiveMetrics(), _time, NullLogger<MetricHistory>.Instance);

    private HistoryPruning Pruning() => new(HistoryOptions.Default, _database.Databases, _time, NullLogger<HistoryPruning>.Instance);

    private async Task RestartAsync()
    {
        _history = NewHistory();
        await _history.LoadAsync(_database.Databases, Cancel);
    }

    private async Task AddAsync(params ImmutableArray<NodeReading> readings)
    {
        var latest = DateTimeOffset.FromUnixTimeMilliseconds(readings[0].At);
        if (latest > _time.GetUtcNow()) _time.Advance(latest - _time.GetUtcNow());
        await using var database = await _database.Databases.CreateDbContextAsync(Cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(Cancel);
        await _history.AddAsync(database, Readings.Node, readings, Cancel);
        await database.SaveChangesAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        _history.Kept(Readings.Node, readings[0].At, database.Readings.Local.Max(row => row.LastAt));
    }

    /// <summary>A reading each ten seconds, twenty in a batch.</summary>
    protected async Task AddManyAsync(IEnumerable<int> moments, Func<int, long> written)
    {
        foreach (var some in moments.Chunk(20)) await AddAsync([.. some.Select(i => Reading(i * 10_000L, written(i)))]);
    }

    private async Task FoldAsync()
    {
        var folder = new HistoryFolder(_history, Pruning(), _database.Databases, TimeProvider.System, NullLogger<HistoryFolder>.Instance);
        while (_history.Times.Any(node => node.Value.IsDue)) await folder.FoldDueAsync(Cancel);
    }

    protected async Task<MetricSeries> QueryAsync(int fromSeconds, int toSeconds, int step)
    {
        var query = new MetricQuery([Written], Moment(fromSeconds), Moment(toSeconds), TimeSpan.FromSeconds(step));
        return Assert.Single(await new HistorySource(_database.Databases, _history).QueryAsync(query, Cancel));

        DateTimeOffset Moment(int seconds) => DateTimeOffset.FromUnixTimeMilliseconds(Readings.Start + (seconds * 1000L));
    }

    private async Task<int> SegmentsAsync(Tier tier)
    {
        await using var database = await _database.Databases.CreateDbContextAsync(Cancel);
        return await database.Segments.CountAsync(row => row.Tier == tier.Seconds, Cancel);
    }

    private async Task<int> LateAsync()
    {
        await using var database = await _database.Databases.CreateDbContextAsync(Cancel);
        return await database.Readings.CountAsync(row => row.IsLate, Cancel);
    }
}

public sealed class SqliteHistoryTests() : HistoryTests(new())
{
    // What it takes is the same with each database; here reading stays on its thread, whose share alone can be measured beside other tests.
    [Fact]
    public async Task A_question_for_a_year_takes_the_room_of_what_is_there()
    {
        await AddManyAsync(Enumerable.Range(0, 30), _ => 10);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var series = await QueryAsync(-365 * 86_400, 3600, 3600);

        Assert.Equal(4096, Assert.Single(series.Points).Average, 2.0);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }
}

public sealed class PostgresHistoryTests() : HistoryTests(TestDatabase.OnPostgres());
