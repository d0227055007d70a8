using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Portal.Agent.Spool;

/// <summary>One file of the spool: records in order of their sequence, appended at its end.</summary>
internal sealed class SpoolSegment : IDisposable
{
    private const string Ending = ".spool";

    private readonly SafeFileHandle _file;

    private SpoolSegment(string path, long first, int level, SafeFileHandle file) => (Path, First, Level, _file) = (path, first, level, file);

    public string Path { get; }

    /// <summary>No record has a lower sequence.</summary>
    public long First { get; }

    /// <summary>How often it was folded: each time every second record went.</summary>
    public int Level { get; }

    /// <summary>The highest sequence in it; one less than <see cref="First"/> while it is empty.</summary>
    public long Last { get; private set; }

    public long Bytes { get; private set; }

    public static SpoolSegment Create(string directory, long first, int level) => Open(Name(directory, first, level), first, level, FileMode.CreateNew);

    /// <summary>The segments of a directory, oldest first. What a kill has left half done is put right.</summary>
    public static List<SpoolSegment> Load(string directory)
    {
        foreach (var unfinished in Directory.EnumerateFiles(directory, "*.tmp")) File.Delete(unfinished);
        var segments = new List<SpoolSegment>();
        // Where a fold was cut off, the folded segment lies beside those it was made from: it begins with the first of them, at a higher level.
        foreach (var (path, first, level) in Names(directory).OrderBy(name => name.First).ThenByDescending(name => name.Level))
        {
            if (segments.Count > 0 && first <= segments[^1].Last)
            {
                File.Delete(path);
                continue;
            }
            segments.Add(Open(path, first, level, FileMode.Open));
        }
        return segments;
    }

    public void Append(in SpoolRecord record)
    {
        try
        {
            RandomAccess.Write(_file, record.Encode(), Bytes);
        }
        catch (IOException)
        {
            // The disk is full: nothing of it stays.
            RandomAccess.SetLength(_file, Bytes);
            throw;
        }
        Bytes += record.Bytes;
        Last = record.Sequence;
    }

    /// <summary>The record at an offset, and where the next one begins; null at the end.</summary>
    public SpoolRecord? ReadAt(long offset) => SpoolRecord.ReadAt(_file, offset, Bytes);

    public IEnumerable<SpoolRecord> Records()
    {
        for (long offset = 0; ReadAt(offset) is { } record; offset += record.Bytes) yield return record;
    }

    /// <summary>Puts every second record of neighbouring segments into one in their place. A record before or after which the node was started stays,
    /// or what was counted until then would be lost; so do the first and the last, which may be such.</summary>
    /// <param name="after">Records up to this sequence are not needed any more.</param>
    public static SpoolSegment Fold(string directory, IReadOnlyList<SpoolSegment> segments, long after)
    {
        var records = segments.SelectMany(segment => segment.Records()).Where(record => record.Sequence > after).ToArray();
        var path = Name(directory, segments[0].First, segments.Max(segment => segment.Level) + 1);
        using (var folded = File.OpenHandle(path + ".tmp", FileMode.Create, FileAccess.Write))
        {
            long offset = 0;
            for (var i = 0; i < records.Length; i++)
            {
                var endsEpoch = i + 1 == records.Length || records[i].Epoch != records[i + 1].Epoch;
                var beginsEpoch = i > 0 && records[i].Epoch != records[i - 1].Epoch;
                if (i % 2 != 0 && !endsEpoch && !beginsEpoch) continue;
                RandomAccess.Write(folded, records[i].Encode(), offset);
                offset += records[i].Bytes;
            }
            RandomAccess.FlushToDisk(folded);
        }
        File.Move(path + ".tmp", path);
        foreach (var segment in segments) segment.Delete();
        return Open(path, segments[0].First, segments.Max(segment => segment.Level) + 1, FileMode.Open);
    }

    /// <summary>Forgets every record and keeps the file.</summary>
    public void Empty()
    {
        RandomAccess.SetLength(_file, 0);
        Bytes = 0;
    }

    public void Sync() => RandomAccess.FlushToDisk(_file);

    public void Delete()
    {
        Dispose();
        File.Delete(Path);
    }

    public void Dispose() => _file.Dispose();

    private static SpoolSegment Open(string path, long first, int level, FileMode mode)
    {
        var segment = new SpoolSegment(path, first, level, File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read)) { Last = first - 1 };
        segment.CutTornTail();
        return segment;
    }

    // A kill or a power cut leaves the last record half written; the checksum tells.
    private void CutTornTail()
    {
        var length = RandomAccess.GetLength(_file);
        long offset = 0;
        while (SpoolRecord.ReadAt(_file, offset, length) is { } record && record.Sequence > Last)
        {
            offset += record.Bytes;
            Last = record.Sequence;
        }
        Bytes = offset;
        if (offset < length) RandomAccess.SetLength(_file, offset);
    }

    private static string Name(string directory, long first, int level) =>
        System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{first:D19}.{level}{Ending}"));

    private static IEnumerable<(string Path, long First, int Level)> Names(string directory)
    {
        foreach (var path in Directory.EnumerateFiles(directory, "*" + Ending))
        {
            var parts = System.IO.Path.GetFileName(path).Split('.');
            if (parts.Length == 3 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var first) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var level))
                yield return (path, first, level);
        }
    }
}
