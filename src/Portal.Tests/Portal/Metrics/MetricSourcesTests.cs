using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Database;
using Portal.Metrics;
using Portal.Tests.Core.Metrics;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Metrics;

/// <summary>What is answered from memory, and what from the history.</summary>
public abstract class MetricSourcesTests : IAsyncLifetime
{
    private static readonly SeriesKey Reads = new(Measured.Disk(Readings.Node, "vda"), Metric.ReadOperations);
    private static readonly SeriesKey Used = new(Measured.LogicalVolume(Readings.Node, "myvg1", "a"), Metric.UsedBytes);
    private static readonly SeriesKey Free = new(Measured.VolumeGroup(Readings.Node, "myvg1"), Metric.FreeBytes);

    // The streams of what the cluster and the kubelet tell of the node.
    private const string OfCluster = Readings.Node + " cluster";
    private const string OfKubelet = Readings.Node + " kubelet";

    private readonly TestDatabase _database;
    private readonly ManualTime _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Readings.Start));
    private readonly LiveMetrics _live = new();
    private readonly MetricHistory _history;
    private readonly CountedDatabases _databases;
    private readonly MetricSources _sources;

    protected MetricSourcesTests(TestDatabase database)
    {
        _database = database;
        _history = new(_live, _time, NullLogger<MetricHistory>.Instance);
        _databases = new(_database.Databases);
        _sources = new(new HistorySource(_databases, _history), _live, new Live<AgentsSnapshot>(AgentsSnapshot.Empty));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await DatabaseServices.MigrateAsync(_database.Databases, Cancel);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_last_moments_of_a_watched_node_come_from_memory_alone()
    {
        using var watch = _live.Watch(Readings.Node);
        _live.Accept(Readings.Node, Enumerable.Range(0, 20).Select(second => Reading(second)));

        var answer = Assert.Single(await _sources.QueryAsync(Query(10, 20, Reads), Cancel));

        Assert.Equal(Enumerable.Range(11, 9).Select(second => MetricPoint.One(Readings.Start + (second * 1000), 10)), answer.Points);
        Assert.Equal(MetricOrigin.Agent, answer.Origin);
        Assert.Equal(0, _databases.Made);
    }

    [Fact]
    public async Task The_room_that_the_cluster_tells_of_is_shown_for_a_watched_node_too()
    {
        using var watch = _live.Watch(Readings.Node);
        _live.Accept(Readings.Node, Enumerable.Range(0, 20).Select(second => Reading(second)));
        await using (var database = await _database.Databases.CreateDbContextAsync(Cancel))
        {
            var reading = new NodeReading(Readings.Node, Readings.Start + 15_000, "", MetricOrigin.Cluster) { Gauges = [new(Free, 1000)] };
            await _history.AddAsync(database, OfCluster, [reading], Cancel);
            await database.SaveChangesAsync(Cancel);
            _history.Kept(OfCluster, reading.At, reading.At);
        }

        var answers = await _sources.QueryAsync(Query(5, 20, Free, Reads), Cancel);

        Assert.Equal(1000, answers[0].Points[^1].Average);
        Assert.Equal(MetricOrigin.Cluster, answers[0].Origin);
        Assert.Equal(10, answers[1].Points[^1].Average);
    }

    [Fact]
    public async Task Of_each_moment_the_agent_counts_that_knows_it_and_else_the_cluster()
    {
        for (var second = 0; second <= 300; second += 10) await KeepAsync(Readings.Node, Use(second, 100, MetricOrigin.Agent));
        // The kubelet was asked while the agent was there too, and says nearly the same.
        foreach (var second in (int[])[240, 330, 390, 450]) await KeepAsync(OfKubelet, Use(second, 104, MetricOrigin.Cluster));

        var series = Assert.Single(await _sources.QueryAsync(Query(0, 450, Used) with { Step = TimeSpan.FromSeconds(10) }, Cancel));

        Assert.Equal((MetricOrigin.Cluster, MetricOrigin.Agent), (series.Origin!.Value, series.AlsoFrom!.Value));
        Assert.All(series.Points.Where(point => SecondOf(point) < 300), point => Assert.Equal(100, point.Average));
        Assert.All(series.Points.Where(point => SecondOf(point) >= 300), point => Assert.Equal(104, point.Average));
        Assert.Equal(45, series.Points.Length);
        Assert.DoesNotContain(series.Points, point => point.IsGap);
    }

    [Fact]
    public async Task What_a_kubelet_tells_follows_the_last_seconds_of_an_agent_that_has_gone()
    {
        using var watch = _live.Watch(Readings.Node);
        for (var second = 0; second <= 20; second++)
        {
            _live.Accept(Readings.Node, [Use(second, 100, MetricOrigin.Agent)]);
            await KeepAsync(Readings.Node, Use(second, 100, MetricOrigin.Agent));
        }
        await KeepAsync(OfKubelet, Use(80, 104, MetricOrigin.Cluster));

        var series = Assert.Single(await _sources.QueryAsync(Query(5, 90, Used), Cancel));

        Assert.Equal(MetricPoint.One(Readings.Start + 20_000, 100), series.Points.Last(point => SecondOf(point) <= 20));
        Assert.Equal(104, series.Points[^1].Average);
        Assert.Equal((MetricOrigin.Cluster, MetricOrigin.Agent), (series.Origin!.Value, series.AlsoFrom!.Value));
    }

    [Fact]
    public async Task Where_a_window_of_the_history_ends_neither_room_nor_file_systems_have_a_gap()
    {
        for (var minute = 0; minute <= 25; minute++)
        {
            await KeepAsync(OfCluster, Room(minute * 60));
            await KeepAsync(OfKubelet, Use((minute * 60) + 25, 104, MetricOrigin.Cluster));
            // As often as the portal does it.
            await FoldAsync();
        }

        var answers = await _sources.QueryAsync(Query(60, 1500, Used, Free) with { Step = TimeSpan.FromSeconds(10) }, Cancel);

        Assert.All(answers, series => Assert.DoesNotContain(series.Points, point => point.IsGap));
        Assert.All(answers, series => Assert.Equal(144, series.Points.Length));
    }

    private static NodeReading Room(int second) => new(Readings.Node, Readings.Start + (second * 1000), "", MetricOrigin.Cluster) { Gauges = [new(Free, 1000)] };

    private async Task FoldAsync()
    {
        var folder = new HistoryFolder(_history, new HistoryPruning(HistoryOptions.Default, _database.Databases, _time, NullLogger<HistoryPruning>.Instance), _database.Databases, TimeProvider.System, NullLogger<HistoryFolder>.Instance);
        while (_history.Times.Any(stream => stream.Value.IsDue)) await folder.FoldDueAsync(Cancel);
    }

    private static long SecondOf(MetricPoint point) => (point.At - Readings.Start) / 1000;

    private static NodeReading Use(int second, double used, MetricOrigin origin) => new(Readings.Node, Readings.Start + (second * 1000), "", origin) { Gauges = [new(Used, used)] };

    private async Task KeepAsync(string stream, NodeReading reading)
    {
        await using var database = await _database.Databases.CreateDbContextAsync(Cancel);
        await _history.AddAsync(database, stream, [reading], Cancel);
        await database.SaveChangesAsync(Cancel);
        _history.Kept(stream, reading.At, reading.At);
    }

    private static MetricQuery Query(int from, int to, params SeriesKey[] keys) =>
        new([.. keys], DateTimeOffset.FromUnixTimeMilliseconds(Readings.Start).AddSeconds(from), DateTimeOffset.FromUnixTimeMilliseconds(Readings.Start).AddSeconds(to), TimeSpan.FromSeconds(1));

    private static NodeReading Reading(int second) => Readings.Of(Readings.Start + (second * 1000), Readings.Counters("vda", second * 10, 0));

    private sealed class CountedDatabases(IDbContextFactory<PortalDb> databases) : IDbContextFactory<PortalDb>
    {
        private int _made;

        public int Made => Volatile.Read(ref _made);

        public PortalDb CreateDbContext()
        {
            Interlocked.Increment(ref _made);
            return databases.CreateDbContext();
        }
    }
}

public sealed class SqliteMetricSourcesTests() : MetricSourcesTests(new());

public sealed class PostgresMetricSourcesTests() : MetricSourcesTests(TestDatabase.OnPostgres());
