using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Portal.Core.Agents;

namespace Portal.Core.Metrics.History;

/// <summary>Writes readings of one layout as bytes and reads them again. The first holds counters as they are, the others what was added.</summary>
public static class ReadingCodec
{
    /// <param name="readings">Of this layout.</param>
    public static byte[] Encode(IReadOnlyList<NodeReading> readings)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        Varint.Write(bytes, (ulong)readings.Count);
        var before = new long[readings[0].Counters.Length * 9];
        var at = 0L;
        foreach (var reading in readings)
        {
            Varint.WriteSigned(bytes, reading.At - at);
            at = reading.At;
            var i = 0;
            foreach (var (_, counters) in reading.Counters)
            {
                Span<long> values =
                [
                    counters.Reads, counters.ReadBytes / 512, counters.ReadMilliseconds, counters.Writes, counters.WrittenBytes / 512, counters.WriteMilliseconds,
                    counters.InFlight, counters.BusyMilliseconds, counters.QueueMilliseconds,
                ];
                foreach (var value in values)
                {
                    Varint.WriteSigned(bytes, value - before[i]);
                    before[i++] = value;
                }
            }
            foreach (var (_, value) in reading.Gauges)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.GetSpan(4), (float)value);
                bytes.Advance(4);
            }
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no readings of this layout.</exception>
    public static ImmutableArray<NodeReading> Decode(string node, ReadingLayout layout, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Read(node, layout, bytes);
        }
        catch (Exception cut) when (cut is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"A reading of node {node} is damaged.", cut);
        }
    }

    private static ImmutableArray<NodeReading> Read(string node, ReadingLayout layout, ReadOnlySpan<byte> from)
    {
        var readings = ImmutableArray.CreateBuilder<NodeReading>((int)Varint.Read(ref from));
        var values = new long[layout.Counters.Length * 9];
        var at = 0L;
        for (var left = readings.Capacity; left > 0; left--)
        {
            at += Varint.ReadSigned(ref from);
            for (var i = 0; i < values.Length; i++) values[i] += Varint.ReadSigned(ref from);
            var counters = ImmutableArray.CreateBuilder<CounterReading>(layout.Counters.Length);
            for (var i = 0; i < layout.Counters.Length; i++) counters.Add(Counters(node, layout.Counters[i], values.AsSpan(i * 9, 9)));
            var gauges = ImmutableArray.CreateBuilder<GaugeReading>(layout.Gauges.Length);
            foreach (var (kind, name, metric) in layout.Gauges)
            {
                var value = BinaryPrimitives.ReadSingleLittleEndian(from);
                from = from[4..];
                if (Metric.Find(metric) is { } known) gauges.Add(new(new(new(node, kind, name), known), value));
            }
            readings.Add(new(node, at, layout.BootId, layout.Origin) { Counters = counters.MoveToImmutable(), Gauges = gauges.ToImmutable() });
        }
        return readings.MoveToImmutable();
    }

    private static CounterReading Counters(string node, (MeasuredKind Kind, string Name) of, ReadOnlySpan<long> values) =>
        new(new(node, of.Kind, of.Name), new DeviceCounters("", "", values[0], values[1] * 512, values[2], values[3], values[4] * 512, values[5], values[6], values[7], values[8]));
}
