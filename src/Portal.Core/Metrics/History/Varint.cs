using System.Buffers;
using System.Text;

namespace Portal.Core.Metrics.History;

/// <summary>Whole numbers in as few bytes as they need, seven bits in each, the lowest first (LEB128); signed ones with the sign in the lowest bit;
/// texts with their length before them.</summary>
internal static class Varint
{
    public static void Write(IBufferWriter<byte> to, ulong value)
    {
        var span = to.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        span[length++] = (byte)value;
        to.Advance(length);
    }

    public static void WriteSigned(IBufferWriter<byte> to, long value) => Write(to, (ulong)((value << 1) ^ (value >> 63)));

    /// <exception cref="IndexOutOfRangeException">The bytes end before the number does.</exception>
    public static ulong Read(ref ReadOnlySpan<byte> from)
    {
        ulong value = 0;
        var length = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var one = from[length++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80) break;
        }
        from = from[length..];
        return value;
    }

    public static long ReadSigned(ref ReadOnlySpan<byte> from)
    {
        var value = Read(ref from);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public static void WriteText(IBufferWriter<byte> to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    public static string ReadText(ref ReadOnlySpan<byte> from)
    {
        var length = (int)Read(ref from);
        var text = Encoding.UTF8.GetString(from[..length]);
        from = from[length..];
        return text;
    }
}
