using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Portal.Core.Metrics.History;

/// <summary>What readings are of, and in which order: it stays the same until a device comes or goes, so it is kept once for many readings.</summary>
public sealed record ReadingLayout(MetricOrigin Origin, string BootId, ImmutableArray<(MeasuredKind Kind, string Name)> Counters, ImmutableArray<SeriesId> Gauges)
{
    public static ReadingLayout Of(NodeReading reading) => new(reading.Origin, reading.BootId,
        [.. reading.Counters.Select(counter => (counter.Of.Kind, counter.Of.Name))], [.. reading.Gauges.Select(gauge => SeriesId.Of(gauge.Key))]);

    /// <summary>Its number in the database, made from what it holds: equal layouts have the same one.</summary>
    public static long IdOf(ReadOnlySpan<byte> encoded)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(encoded, hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    public bool Equals(ReadingLayout? other) =>
        other is not null && Origin == other.Origin && BootId == other.BootId && Counters.AsSpan().SequenceEqual(other.Counters.AsSpan()) && Gauges.AsSpan().SequenceEqual(other.Gauges.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Origin, BootId, Counters.Length, Gauges.Length);

    /// <summary>Whether a reading is of this layout.</summary>
    public bool Fits(NodeReading reading)
    {
        if (reading.Origin != Origin || reading.BootId != BootId || reading.Counters.Length != Counters.Length || reading.Gauges.Length != Gauges.Length) return false;
        for (var i = 0; i < Counters.Length; i++)
            if (reading.Counters[i].Of.Kind != Counters[i].Kind || reading.Counters[i].Of.Name != Counters[i].Name) return false;
        for (var i = 0; i < Gauges.Length; i++)
            if (SeriesId.Of(reading.Gauges[i].Key) != Gauges[i]) return false;
        return true;
    }

    public byte[] Encode()
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        bytes.Write([(byte)Origin]);
        Varint.WriteText(bytes, BootId);
        Varint.Write(bytes, (ulong)Counters.Length);
        foreach (var (kind, name) in Counters)
        {
            bytes.Write([(byte)kind]);
            Varint.WriteText(bytes, name);
        }
        Varint.Write(bytes, (ulong)Gauges.Length);
        foreach (var (kind, name, metric) in Gauges)
        {
            bytes.Write([(byte)kind, metric]);
            Varint.WriteText(bytes, name);
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no layout.</exception>
    public static ReadingLayout Decode(ReadOnlySpan<byte> from)
    {
        try
        {
            var origin = (MetricOrigin)from[0];
            from = from[1..];
            var boot = Varint.ReadText(ref from);
            var counters = new (MeasuredKind, string)[(int)Varint.Read(ref from)];
            for (var i = 0; i < counters.Length; i++)
            {
                var kind = (MeasuredKind)from[0];
                from = from[1..];
                counters[i] = (kind, Varint.ReadText(ref from));
            }
            var gauges = new SeriesId[(int)Varint.Read(ref from)];
            for (var i = 0; i < gauges.Length; i++)
            {
                var (kind, metric) = ((MeasuredKind)from[0], from[1]);
                from = from[2..];
                gauges[i] = new(kind, Varint.ReadText(ref from), metric);
            }
            return new(origin, boot, [.. counters], [.. gauges]);
        }
        catch (Exception cut) when (cut is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("A layout of readings is damaged.", cut);
        }
    }
}
