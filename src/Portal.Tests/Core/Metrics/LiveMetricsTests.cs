using Portal.Core.Metrics;

namespace Portal.Tests.Core.Metrics;

public sealed class LiveMetricsTests
{
    private static readonly Measured Disk = Measured.Disk(Readings.Node, "vda");
    private static readonly SeriesKey Reads = new(Disk, Metric.ReadOperations);
    private readonly LiveMetrics _live = new();

    [Fact]
    public void The_latest_rates_of_every_node_are_shown()
    {
        _live.Accept(Readings.Node, [Reading(0, 0), Reading(1, 30)]);
        _live.Publish();

        Assert.Equal(30, _live.Now.Current.Find(Readings.Node)!.Find(Disk)!.Value.Reads);
    }

    [Fact]
    public void The_run_of_a_watched_node_is_kept_and_no_other()
    {
        _live.Accept(Readings.Node, [Reading(0, 0), Reading(1, 30)]);
        Assert.Empty(_live.Points(Reads, 0));
        using (_live.Watch(Readings.Node))
        {
            _live.Accept(Readings.Node, [Reading(2, 40), Reading(3, 60)]);

            Assert.Equal([MetricPoint.One(Readings.Start + 2000, 10), MetricPoint.One(Readings.Start + 3000, 20)], _live.Points(Reads, 0));
            Assert.Equal([MetricPoint.One(Readings.Start + 3000, 20)], _live.Points(Reads, Readings.Start + 2000));
        }
        Assert.Empty(_live.Points(Reads, 0));
    }

    [Fact]
    public void Who_watches_a_node_is_told_when_its_points_are_there()
    {
        var seen = new List<int>();
        var watch = _live.Watch(Readings.Node, () => seen.Add(_live.Points(Reads, 0).Length));

        _live.Accept("edge-2", [Reading(0, 0)]);
        _live.Accept(Readings.Node, [Reading(0, 0), Reading(1, 30)]);
        _live.Accept(Readings.Node, [Reading(2, 40)]);
        watch.Dispose();
        _live.Accept(Readings.Node, [Reading(3, 60)]);

        Assert.Equal([2, 3], seen);
    }

    [Fact]
    public void What_comes_again_is_passed_over()
    {
        using var watch = _live.Watch(Readings.Node);
        _live.Accept(Readings.Node, [Reading(0, 0), Reading(1, 30)]);
        _live.Accept(Readings.Node, [Reading(0, 0), Reading(1, 30), Reading(2, 31)]);

        Assert.Equal([30.0, 1.0], _live.Points(Reads, Readings.Start).Select(point => point.Average));
    }

    [Fact]
    public void A_start_of_the_node_leaves_a_gap_and_no_spike()
    {
        using var watch = _live.Watch(Readings.Node);
        _live.Accept(Readings.Node, [Reading(0, 1_000_000), Reading(1, 1_000_010), Reading(2, 4, "boot-2"), Reading(3, 9, "boot-2"), Reading(4, 1, "boot-2"), Reading(5, 4, "boot-2")]);

        Assert.Equal([10, double.NaN, 5, double.NaN, 3], _live.Points(Reads, Readings.Start).Select(point => point.Average));
    }

    [Fact]
    public void A_quarter_of_an_hour_is_kept()
    {
        using var watch = _live.Watch(Readings.Node);
        _live.Accept(Readings.Node, Enumerable.Range(0, 2000).Select(second => Reading(second, second)));

        Assert.Equal(901, _live.Points(Reads, 0).Length);
        Assert.Equal(Readings.Start + (1999 - 900) * 1000L, _live.Since(Readings.Node));
    }

    private static NodeReading Reading(int second, long reads, string boot = "boot-1") => Readings.Of(Readings.Start + (second * 1000L), Readings.Counters("vda", reads, 0), boot);
}
