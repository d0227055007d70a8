using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Alerts;
using Portal.Cluster;
using Portal.Core.Forecast;
using Portal.Core.Metrics;
using Portal.Database;
using Portal.Hosting;
using Portal.Metrics;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Cluster;

/// <summary>The demo's site in use: a past that was made, and what is lived after it.</summary>
public sealed class DemoPastTests : IDisposable
{
    private const double Gibibyte = 1L << 30;

    private readonly TemporaryFolder _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Measured Group(string node) => Measured.VolumeGroup(node, "myvg1");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_past_is_there_when_the_portal_opens_and_tells_what_the_scenario_says()
    {
        await using var portal = await StartAsync(new PortalOptions { Demo = true, DemoInUse = true });
        var began = portal.Services.GetRequiredService<DemoPast>().MadeUntil!.Value;

        var free = await HoursAsync(portal, new(Group("edge-hangzhou-1"), Metric.FreeBytes), began);
        var work = await HoursAsync(portal, new(Measured.Cluster, Metric.WriteThroughput), began);
        var pool = await HoursAsync(portal, new(Measured.ThinPool("edge-shaoxing-1", "myvg1", "pool0"), Metric.DataPercent), began);
        var deleted = await HoursAsync(portal, new(Group("edge-hangzhou-2"), Metric.FreeBytes), began);
        var away = await HoursAsync(portal, new(Measured.Disk("edge-ningbo-1", "nvme0n1"), Metric.WriteOperations), began);

        // Twelve gibibytes a day for nearly a month.
        Assert.InRange((free[0].Average - free[^1].Average) / Gibibyte, 335, 361);
        Assert.InRange(pool[^1].Average - pool[0].Average, 52, 58);
        Assert.True(work.Count(point => !point.IsGap) > 28 * 24);
        Assert.All(work.Where(point => !point.IsGap), point => Assert.True(point.Average > 0));
        // Ninety came free sixteen days ago, and sixty were taken nine days ago.
        Assert.Equal(90, (At(deleted, began.AddDays(-15)) - At(deleted, began.AddDays(-17))) / Gibibyte, 1.0);
        Assert.Equal(-60, (At(deleted, began.AddDays(-8)) - At(deleted, began.AddDays(-10))) / Gibibyte, 1.0);
        // The node was off for seven hours, of which six whole ones know nothing.
        var known = away.Where(point => !point.IsGap).Select(point => point.Time).ToArray();
        Assert.InRange(known.Zip(known.Skip(1), (one, next) => next - one).Max(), TimeSpan.FromHours(6), TimeSpan.FromHours(9));
    }

    [Theory]
    // The longest windows of the history end at the first of these midnights, and in the middle between two of them.
    [InlineData("2026-11-28T02:16:00Z")]
    [InlineData("2026-11-30T12:00:00Z")]
    public async Task The_last_day_is_known_in_minutes_wherever_the_windows_of_the_history_end(string moment)
    {
        var now = DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture);
        await using var portal = await StartAsync(new PortalOptions { Demo = true, DemoInUse = true }, new ManualTime(now));

        var day = (await PointsAsync(portal, [new(Measured.Cluster, Metric.WriteThroughput)], now.AddDays(-1), now, TimeSpan.FromMinutes(2)))[0].Points.Where(point => !point.IsGap).ToArray();

        Assert.InRange(day.Length, 700, 721);
        Assert.True(day.Select(point => point.Average).Distinct().Count() > 600, "Neighbours are alike: they are points of a coarser tier.");
    }

    [Fact]
    public async Task What_is_measured_goes_on_from_what_was_made_without_a_jump()
    {
        await using var portal = await StartAsync(new PortalOptions { Demo = true, DemoInUse = true, DemoAgents = true });
        var began = portal.Services.GetRequiredService<DemoPast>().MadeUntil!.Value;
        var disk = new SeriesKey(Measured.Disk("edge-hangzhou-1", "nvme0n1"), Metric.WriteThroughput);
        var used = new SeriesKey(Measured.LogicalVolume("edge-hangzhou-1", "myvg1", Scenario.InUse.Volumes().First(volume => volume.Claim == "recordings").NameInLvm!), Metric.UsedBytes);
        var pool = new SeriesKey(Measured.ThinPool("edge-shaoxing-1", "myvg1", "pool0"), Metric.DataPercent);
        SeriesKey[] keys = [disk, used, pool, new(Measured.Cluster, Metric.WriteThroughput), new(Group("edge-hangzhou-1"), Metric.FreeBytes)];

        await Eventually.PassesAsync(async () =>
        {
            foreach (var series in await PointsAsync(portal, keys, began.AddHours(-1), began.AddMinutes(10), TimeSpan.FromSeconds(10)))
            {
                var before = series.Points.Where(point => !point.IsGap && point.Time < began).ToArray();
                var after = series.Points.Where(point => !point.IsGap && point.Time > began.AddSeconds(10)).ToArray();
                Assert.NotEmpty(after);
                // Counters that began anew would have been left out, counters that jumped would stand out.
                var (low, high) = (before.Min(point => point.Min), before.Max(point => point.Max));
                var room = Metric.Io.Contains(series.Key.Metric) ? 0.6 * high : 0.01 * high;
                Assert.All(after, point => Assert.InRange(point.Average, low - room, high + room));
                // Nothing is missing where they meet, but for what the start took.
                Assert.True(after[0].Time - before[^1].Time < TimeSpan.FromSeconds(90), $"{series.Key.Metric} begins at {after[0].Time:T}, and ended at {before[^1].Time:T}.");
            }
        }, Cancel);
    }

    [Fact]
    public async Task The_forecast_of_what_fills_gives_the_day_on_which_the_scenario_has_it_full()
    {
        await using var portal = await StartAsync(new PortalOptions { Demo = true, DemoInUse = true, DemoAgents = true });
        var began = portal.Services.GetRequiredService<DemoPast>().MadeUntil!.Value;
        var forecasts = portal.Services.GetRequiredService<Forecasts>();
        var (size, free) = (await LastAsync(portal, new(Group("edge-hangzhou-1"), Metric.SizeBytes), began), await LastAsync(portal, new(Group("edge-hangzhou-1"), Metric.FreeBytes), began));

        var group = (await forecasts.OutlookAsync(Group("edge-hangzhou-1"), Cancel))!.Forecast;
        var pool = (await forecasts.OutlookAsync(Measured.ThinPool("edge-shaoxing-1", "myvg1", "pool0"), Cancel))!.Forecast;

        Assert.True(size > 990 * Gibibyte);
        var (ofGroup, ofPool) = (free / Gibibyte / 12, (100 - 68) / 1.9);
        Assert.Equal(FillTrend.Filling, group.Trend);
        Assert.InRange((group.FullAt!.Value - began).TotalDays, 0.9 * ofGroup, 1.1 * ofGroup);
        Assert.Equal(FillTrend.Filling, pool.Trend);
        Assert.InRange((pool.FullAt!.Value - began).TotalDays, 0.9 * ofPool, 1.1 * ofPool);
    }

    [Fact]
    public async Task A_second_start_writes_no_second_past_and_goes_on_from_the_first()
    {
        DateTimeOffset began;
        double before;
        await using (var first = await StartAsync(new PortalOptions { Demo = true, DemoInUse = true }))
        {
            began = first.Services.GetRequiredService<DemoPast>().MadeUntil!.Value;
            before = (await HoursAsync(first, new(Measured.Cluster, Metric.WriteThroughput), began)).Sum(point => point.IsGap ? 0 : point.Average);
        }

        await using var second = await StartAsync(new PortalOptions { Demo = true, DemoInUse = true });

        Assert.Equal(began, second.Services.GetRequiredService<DemoPast>().MadeUntil);
        Assert.Equal(began, second.Services.GetRequiredService<DemoPast>().Past!.Began);
        Assert.Equal(before, (await HoursAsync(second, new(Measured.Cluster, Metric.WriteThroughput), began)).Sum(point => point.IsGap ? 0 : point.Average), before / 1000);
    }

    [Fact]
    public async Task A_portal_that_is_no_demo_and_a_demo_that_begins_bare_get_no_past()
    {
        foreach (var options in new[] { new PortalOptions { DemoInUse = true, Kubeconfig = Path.Combine(_data.Path, "missing") }, new PortalOptions { Demo = true } })
        {
            await using var portal = await StartAsync(options);
            await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancel);

            Assert.Null(portal.Services.GetRequiredService<DemoPast>().Past);
            Assert.Empty(await database.Settings.ToListAsync(Cancel));
            Assert.Empty(await database.Segments.ToListAsync(Cancel));
        }
    }

    [Fact]
    public async Task A_database_that_holds_the_measurements_of_another_cluster_is_left_as_it_is()
    {
        await using (var other = await StartAsync(new PortalOptions { Demo = true, DemoAgents = true }))
        {
            await Eventually.PassesAsync(async () => Assert.True(await CountAsync(other) > 0), Cancel);
        }

        await using var portal = await StartAsync(new PortalOptions { Demo = true, DemoInUse = true });

        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancel);
        Assert.Null(portal.Services.GetRequiredService<DemoPast>().MadeUntil);
        Assert.Empty(await database.Settings.ToListAsync(Cancel));
        Assert.False(await database.Segments.AnyAsync(row => row.Start < TimeProvider.System.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds(), Cancel));
    }

    private static async Task<int> CountAsync(PortalApp portal)
    {
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancel);
        return await database.Readings.CountAsync(Cancel);
    }

    private static double At(MetricPoint[] points, DateTimeOffset moment) => points.First(point => !point.IsGap && point.Time >= moment).Average;

    private static async Task<MetricPoint[]> HoursAsync(PortalApp portal, SeriesKey key, DateTimeOffset until) =>
        [.. (await PointsAsync(portal, [key], until.AddDays(-30), until, TimeSpan.FromHours(1)))[0].Points];

    private static async Task<double> LastAsync(PortalApp portal, SeriesKey key, DateTimeOffset until) => (await HoursAsync(portal, key, until)).Last(point => !point.IsGap).Average;

    private static async Task<MetricSeries[]> PointsAsync(PortalApp portal, SeriesKey[] keys, DateTimeOffset from, DateTimeOffset to, TimeSpan step) =>
        [.. await portal.Services.GetRequiredService<MetricSources>().QueryAsync(new([.. keys], from, to, step), Cancel)];

    private async Task<PortalApp> StartAsync(PortalOptions options, TimeProvider? time = null)
    {
        var portal = PortalApp.Create(options with { Data = _data.Path, Urls = "http://127.0.0.1:0" }, services => services.AddSingleton(Pace.Instant).AddSingleton(time ?? TimeProvider.System));
        await portal.StartAsync(Cancel);
        return portal;
    }
}
