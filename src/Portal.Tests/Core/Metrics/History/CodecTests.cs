using CsCheck;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;

namespace Portal.Tests.Core.Metrics.History;

public sealed class CodecTests
{
    private static readonly Gen<long> Counter = Gen.Frequency((3, Gen.Long[0, 1_000_000]), (1, Gen.Long[0, long.MaxValue / 1024]), (1, Gen.Const(0L)));

    private static readonly Gen<DeviceCounters> Device = Counter.Array[9].Select(values => new DeviceCounters(
        "", "", values[0], values[1] / 512 * 512, values[2], values[3], values[4] / 512 * 512, values[5], values[6], values[7], values[8]));

    [Fact]
    public void Readings_are_read_as_they_were_written() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3], Gen.Int[1, 5]).SelectMany((devices, gauges, count) =>
                Gen.Select(Gen.Long[0, 4_000_000_000_000], Device.Array[devices], Gen.Float[0, 1e12f].Array[gauges]).Array[count])
            .Sample(made =>
            {
                NodeReading[] readings = [.. made.Select(one => new NodeReading(Readings.Node, one.Item1, "boot", MetricOrigin.Agent)
                {
                    Counters = [.. one.Item2.Select((counters, i) => new CounterReading(Measured.Disk(Readings.Node, "vd" + i), counters))],
                    Gauges = [.. one.Item3.Select((value, i) => new GaugeReading(new(Measured.VolumeGroup(Readings.Node, "vg-" + i), Metric.FreeBytes), value))],
                })];
                var layout = ReadingLayout.Decode(ReadingLayout.Of(readings[0]).Encode());

                var read = ReadingCodec.Decode(Readings.Node, layout, ReadingCodec.Encode(readings));

                Assert.All(readings, reading => Assert.True(layout.Fits(reading)));
                Assert.Equal(readings.Select(Flat), read.Select(Flat));
            }, iter: 500);

    [Fact]
    public void A_segment_is_read_as_it_was_written_to_one_part_in_four_thousand() =>
        Gen.Select(Gen.Int[0, 59], Gen.Double[0, 1e12], Gen.Double[0.01, 1], Gen.Int[0, 3], Gen.Bool).Array[0, 200].Sample(values =>
        {
            var segment = Segment.Of(Tier.TenSeconds, Readings.Start);
            foreach (var (bucket, value, weight, name, isRead) in values)
                segment.Column(new(MeasuredKind.Disk, "vd" + name, isRead ? Metric.ReadThroughput.Code : Metric.Queue.Code)).Add(bucket, weight, value, value, value);

            var read = SegmentCodec.Decode(SegmentCodec.Encode(segment));

            Assert.Equal((segment.Start, segment.Step, segment.Count), (read.Start, read.Step, read.Count));
            Assert.Equal(segment.Columns.Keys.ToHashSet(), read.Columns.Keys.ToHashSet());
            foreach (var (id, column) in segment.Columns)
            {
                var other = read.Columns[id];
                for (var i = 0; i < segment.Count; i++)
                {
                    Assert.Equal(column.Weight[i] == 0, other.Weight[i] == 0);
                    Assert.Equal(column.Weight[i], other.Weight[i], 0.003);
                    if (column.Weight[i] == 0) continue;
                    Near(column.Min[i], other.Min[i]);
                    Near(column.Average[i], other.Average[i]);
                    Near(column.Max[i], other.Max[i]);
                }
            }
        }, iter: 500);

    [Fact]
    public void Only_the_lines_that_are_wanted_are_read()
    {
        var segment = Segment.Of(Tier.TenSeconds, Readings.Start);
        var (wanted, other) = (new SeriesId(MeasuredKind.Disk, "vda", Metric.Busy.Code), new SeriesId(MeasuredKind.Disk, "vdb", Metric.Busy.Code));
        segment.Column(other).Add(1, 1, 1, 2, 3);
        segment.Column(wanted).Add(2, 1, 10, 20, 30);

        var read = SegmentCodec.Decode(SegmentCodec.Encode(segment), new HashSet<SeriesId> { wanted });

        Assert.Equal([wanted], read.Columns.Keys);
        Assert.Equal((10f, 20f, 30f), (read.Columns[wanted].Min[2], read.Columns[wanted].Average[2], read.Columns[wanted].Max[2]));
    }

    [Fact]
    public void Damaged_bytes_are_said_to_be_damaged() =>
        Gen.Select(Gen.Int[0, 200], Gen.Byte).Sample((at, with) =>
        {
            var segment = Segment.Of(Tier.TenSeconds, Readings.Start);
            for (var i = 0; i < 60; i++) segment.Column(new(MeasuredKind.Disk, "vda", 1)).Add(i, 1, i, i * i, i * i * i);
            var bytes = SegmentCodec.Encode(segment);
            bytes[at % bytes.Length] = with;
            // What still reads as a segment may hold other numbers; nothing else than the one exception comes out.
            _ = Record(() => SegmentCodec.Decode(bytes));
        }, iter: 2000);

    private static Exception? Record(Func<object> work)
    {
        try
        {
            work();
            return null;
        }
        catch (InvalidDataException damaged)
        {
            return damaged;
        }
    }

    private static void Near(float expected, float actual) => Assert.InRange(actual, (expected * (1 - (1 / 4000f))) - 1e-30f, (expected * (1 + (1 / 4000f))) + 1e-30f);

    private static string Flat(NodeReading reading) =>
        $"{reading.Node} {reading.At} {reading.BootId} {reading.Origin} {string.Join(' ', reading.Counters)} {string.Join(' ', reading.Gauges)}";
}
