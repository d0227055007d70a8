using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Portal.Core.Metrics.History;

// Numbers are rounded to 12 bits (1 part in 4,000), each is written as its difference in bits from the one before, and bytes of the same weight stand
// together; then Brotli finds what repeats itself. A disk that rests costs next to nothing.

/// <summary>Writes segments as bytes and reads them again.</summary>
public static class SegmentCodec
{
    private const byte Version = 1;
    private const int Quality = 3;
    private const int Window = 18;

    // 11 bits after the leading one.
    private const uint Rounding = 1u << 11;
    private const uint Mask = ~((1u << 12) - 1);

    public static byte[] Encode(Segment segment)
    {
        var plain = new ArrayBufferWriter<byte>(1 << 16);
        Varint.Write(plain, (ulong)segment.Start);
        Varint.Write(plain, (ulong)segment.Step);
        Varint.Write(plain, (ulong)segment.Count);
        var columns = segment.Columns.OrderBy(column => column.Key.Kind).ThenBy(column => column.Key.Name, StringComparer.Ordinal).ThenBy(column => column.Key.Metric).ToArray();
        Varint.Write(plain, (ulong)columns.Length);
        string? name = null;
        foreach (var ((kind, of, metric), column) in columns)
        {
            plain.Write([(byte)kind, metric, (byte)((IsSpread(column) ? 1 : 0) | ((int)column.Origin << 1))]);
            // The lines of a thing follow each other.
            Varint.WriteText(plain, of == name ? "" : of);
            name = of;
        }
        foreach (var (_, column) in columns)
        {
            WriteWeights(plain, column.Weight);
            WriteFloats(plain, column.Average);
            if (!IsSpread(column)) continue;
            WriteFloats(plain, column.Min);
            WriteFloats(plain, column.Max);
        }
        return Compress(plain.WrittenSpan);
    }

    /// <param name="only">The lines that are wanted; null for all.</param>
    /// <exception cref="InvalidDataException">The bytes are no segment.</exception>
    public static Segment Decode(ReadOnlySpan<byte> bytes, IReadOnlySet<SeriesId>? only = null)
    {
        var plain = Decompress(bytes);
        try
        {
            return Read(plain, only);
        }
        catch (Exception cut) when (cut is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("A segment of the history is damaged.", cut);
        }
    }

    private static Segment Read(ReadOnlySpan<byte> from, IReadOnlySet<SeriesId>? only)
    {
        var (start, step, count) = ((long)Varint.Read(ref from), (long)Varint.Read(ref from), (int)Varint.Read(ref from));
        var segment = new Segment(start, step, count);
        var heads = new (SeriesId Id, bool IsSpread, MetricOrigin Origin)[(int)Varint.Read(ref from)];
        var name = "";
        for (var i = 0; i < heads.Length; i++)
        {
            var (kind, metric, flags) = ((MeasuredKind)from[0], from[1], from[2]);
            from = from[3..];
            name = Varint.ReadText(ref from) is { Length: > 0 } given ? given : name;
            heads[i] = (new(kind, name, metric), (flags & 1) != 0, (MetricOrigin)(flags >> 1));
        }
        foreach (var (id, isSpread, origin) in heads)
        {
            var bytes = count * (isSpread ? 13 : 5);
            if (only is null || only.Contains(id))
            {
                var column = segment.Column(id);
                column.Origin = origin;
                ReadColumn(column, from[..bytes], isSpread);
            }
            from = from[bytes..];
        }
        return segment;
    }

    private static void ReadColumn(SegmentColumn column, ReadOnlySpan<byte> from, bool isSpread)
    {
        var count = column.Weight.Length;
        for (var i = 0; i < count; i++) column.Weight[i] = from[i] / 255f;
        ReadFloats(from[count..], column.Average);
        if (!isSpread)
        {
            column.Average.CopyTo(column.Min, 0);
            column.Average.CopyTo(column.Max, 0);
            return;
        }
        ReadFloats(from[(5 * count)..], column.Min);
        ReadFloats(from[(9 * count)..], column.Max);
    }

    // Rounded alike, so that what was equal stays equal.
    private static bool IsSpread(SegmentColumn column)
    {
        for (var i = 0; i < column.Weight.Length; i++)
            if (column.Weight[i] > 0 && (Rounded(column.Min[i]) != Rounded(column.Average[i]) || Rounded(column.Max[i]) != Rounded(column.Average[i]))) return true;
        return false;
    }

    private static uint Rounded(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsFinite(value) ? (bits + Rounding) & Mask : bits;
    }

    private static void WriteWeights(ArrayBufferWriter<byte> to, float[] weights)
    {
        var span = to.GetSpan(weights.Length);
        // What was measured at all is not rounded to nothing.
        for (var i = 0; i < weights.Length; i++) span[i] = weights[i] == 0 ? (byte)0 : (byte)Math.Clamp(Math.Round(weights[i] * 255), 1, 255);
        to.Advance(weights.Length);
    }

    private static void WriteFloats(ArrayBufferWriter<byte> to, float[] values)
    {
        var count = values.Length;
        var span = to.GetSpan(4 * count);
        var before = 0u;
        for (var i = 0; i < count; i++)
        {
            var bits = Rounded(values[i]);
            var change = bits ^ before;
            before = bits;
            for (var plane = 0; plane < 4; plane++) span[(plane * count) + i] = (byte)(change >> (24 - (8 * plane)));
        }
        to.Advance(4 * count);
    }

    private static void ReadFloats(ReadOnlySpan<byte> from, float[] values)
    {
        var count = values.Length;
        var before = 0u;
        for (var i = 0; i < count; i++)
        {
            before ^= (uint)((from[i] << 24) | (from[count + i] << 16) | (from[(2 * count) + i] << 8) | from[(3 * count) + i]);
            values[i] = BitConverter.UInt32BitsToSingle(before);
        }
    }

    private static byte[] Compress(ReadOnlySpan<byte> plain)
    {
        var bytes = new byte[5 + BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), plain.Length);
        if (!BrotliEncoder.TryCompress(plain, bytes.AsSpan(5), out var written, Quality, Window)) throw new InvalidOperationException("A segment did not fit where it must fit.");
        return bytes[..(5 + written)];
    }

    private static byte[] Decompress(ReadOnlySpan<byte> bytes)
    {
        const int Longest = 256 << 20;
        if (bytes.Length < 5 || bytes[0] != Version) throw new InvalidDataException("A segment of the history is of an unknown version.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        if (length is < 0 or > Longest) throw new InvalidDataException("A segment of the history is damaged.");
        var plain = new byte[length];
        if (!BrotliDecoder.TryDecompress(bytes[5..], plain, out var written) || written != length) throw new InvalidDataException("A segment of the history is damaged.");
        return plain;
    }
}
