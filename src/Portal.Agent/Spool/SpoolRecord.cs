using System.Buffers.Binary;
using System.IO.Hashing;

namespace Portal.Agent.Spool;

/// <summary>One sample in a segment: a head of fixed size (length, checksum of all that follows, sequence, epoch), then the sample as JSON.</summary>
/// <param name="Epoch">Records of different epochs do not continue each other: the node was started in between.</param>
internal readonly record struct SpoolRecord(long Sequence, uint Epoch, ReadOnlyMemory<byte> Body)
{
    public const int HeadBytes = 20;

    // No node has so many devices; a length beyond it is garbage.
    private const int LongestBody = 16 << 20;

    public int Bytes => HeadBytes + Body.Length;

    public byte[] Encode()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Body.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), Epoch);
        Body.Span.CopyTo(bytes.AsSpan(HeadBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Checksum(bytes));
        return bytes;
    }

    /// <summary>The record that begins at an offset; null where the file ends, or where what is there is no whole record.</summary>
    public static SpoolRecord? ReadAt(Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, long end)
    {
        if (end - offset < HeadBytes) return null;
        Span<byte> head = stackalloc byte[HeadBytes];
        if (RandomAccess.Read(file, head, offset) < HeadBytes) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > LongestBody || end - offset - HeadBytes < length) return null;
        var bytes = new byte[HeadBytes + length];
        if (RandomAccess.Read(file, bytes, offset) < bytes.Length) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) != Checksum(bytes)) return null;
        return new(BinaryPrimitives.ReadInt64LittleEndian(head[8..]), BinaryPrimitives.ReadUInt32LittleEndian(head[16..]), bytes.AsMemory(HeadBytes));
    }

    private static uint Checksum(ReadOnlySpan<byte> record) => Crc32.HashToUInt32(record[8..]);
}
