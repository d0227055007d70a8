using CsCheck;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;

namespace Portal.Tests.Core.Metrics.History;

public sealed class ReadingFoldTests
{
    private static readonly SeriesId Written = new(MeasuredKind.Disk, "vda", Metric.WriteThroughput.Code);

    [Fact]
    public void What_was_written_is_in_the_buckets_whatever_the_moments_of_the_readings() =>
        Gen.Select(Gen.Long[200, 12_000], Gen.Long[0, 500]).Array[50, 300].Sample(steps =>
        {
            var (at, writes) = (Readings.Start - 30_000, 0L);
            var readings = new List<NodeReading> { Reading(at, writes) };
            foreach (var (milliseconds, written) in steps) readings.Add(Reading(at += milliseconds, writes += written));
            var end = Readings.Start + Tier.TenSeconds.WindowMilliseconds;
            var segment = Segment.Of(Tier.TenSeconds, Readings.Start);

            ReadingFold.Into(segment, readings);

            var column = segment.Columns[Written];
            var sum = Enumerable.Range(0, segment.Count).Sum(i => (double)column.Average[i] * column.Weight[i] * 10);
            var expected = readings.Zip(readings.Skip(1)).Sum(pair =>
            {
                var part = Math.Max(0, Math.Min(pair.Second.At, end) - Math.Max(pair.First.At, Readings.Start)) / (double)(pair.Second.At - pair.First.At);
                return part * (pair.Second.Counters[0].Counters.WrittenBytes - pair.First.Counters[0].Counters.WrittenBytes);
            });
            Assert.InRange(sum, (expected * 0.999) - 1, (expected * 1.001) + 1);
        }, iter: 200);

    [Fact]
    public void Nothing_is_known_of_a_start_of_the_node_and_nothing_rises()
    {
        var segment = Segment.Of(Tier.TenSeconds, Readings.Start);
        ReadingFold.Into(segment, [Reading(Readings.Start, 1_000_000), Reading(Readings.Start + 10_000, 1_000_100), Reading(Readings.Start + 20_000, 7, "boot-2"), Reading(Readings.Start + 30_000, 107, "boot-2")]);

        var column = segment.Columns[Written];
        Assert.Equal([1f, 0f, 1f, 0f], column.Weight[..4]);
        Assert.Equal([40960f, 40960f], [column.Max[0], column.Max[2]]);
    }

    [Fact]
    public void A_long_silence_is_a_gap_and_a_short_one_is_filled_by_what_happened_in_it()
    {
        var segment = new Segment(Readings.Start, 60_000, 60);
        ReadingFold.Into(segment, [Reading(Readings.Start, 0), Reading(Readings.Start + 300_000, 300), Reading(Readings.Start + 3_000_000, 5000), Reading(Readings.Start + 3_060_000, 5060)]);

        var column = segment.Columns[Written];
        Assert.Equal([4096f, 4096f, 4096f, 4096f, 4096f, 0f], column.Average[..6]);
        Assert.Equal((0f, 0f, 1f), (column.Weight[10], column.Weight[49], column.Weight[50]));
        Assert.Equal(4096f, column.Max[50]);
    }

    [Fact]
    public void Fine_buckets_become_the_coarse_ones_that_the_readings_would_have_made()
    {
        Gen.Long[0, 3000].Array[360].Sample(written =>
        {
            var writes = 0L;
            NodeReading[] readings = [Reading(Readings.Start, 0), .. written.Select((some, i) => Reading(Readings.Start + ((i + 1) * 10_000L), writes += some))];
            var (direct, merged) = (new Segment(Readings.Start, 60_000, 60), new Segment(Readings.Start, 60_000, 60));

            ReadingFold.Into(direct, readings);
            for (var window = 0; window < 6; window++)
            {
                var fine = Segment.Of(Tier.TenSeconds, Readings.Start + (window * Tier.TenSeconds.WindowMilliseconds));
                ReadingFold.Into(fine, readings);
                merged.Add(fine);
            }

            var (expected, actual) = (direct.Columns[Written], merged.Columns[Written]);
            for (var i = 0; i < 60; i++)
            {
                Assert.Equal(expected.Average[i], actual.Average[i], 1f + (expected.Average[i] / 10_000));
                Assert.Equal((expected.Min[i], expected.Max[i], expected.Weight[i]), (actual.Min[i], actual.Max[i], actual.Weight[i]));
            }
        }, iter: 50);
    }

    [Fact]
    public void A_value_of_a_moment_holds_since_the_one_before()
    {
        var key = new SeriesKey(Measured.VolumeGroup(Readings.Node, "myvg1"), Metric.FreeBytes);
        var segment = Segment.Of(Tier.TenSeconds, Readings.Start);
        ReadingFold.Into(segment, [Gauge(0, 100), Gauge(60_000, 40)]);

        var column = segment.Columns[SeriesId.Of(key)];
        Assert.Equal([40f, 40f, 40f, 40f, 40f, 40f, 0f], column.Average[..7]);

        NodeReading Gauge(long after, double value) => new(Readings.Node, Readings.Start + after, "", MetricOrigin.Cluster) { Gauges = [new(key, value)] };
    }

    private static NodeReading Reading(long at, long writes, string boot = "boot-1") => Readings.Of(at, Readings.Counters("vda", 0, writes), boot);
}
