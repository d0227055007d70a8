using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Portal.Core;
using Portal.Core.Agents;

namespace Portal.Agent.Spool;

// Every sample goes through these files, online or not, so that there is one way only and it is the tested one. A record is given to the kernel
// at once: it outlives the agent, however that ends. The disk itself is made to hold it when a segment is full, and after a minute at the latest:
// a power cut costs one minute of samples, and a healthy link, whose samples are acknowledged and forgotten sooner, costs the flash nothing.
// When the files reach their limit the finest ones are folded, the oldest of these first: a long outage is kept at an even resolution, its latest
// part at a finer one. Samples hold counters, so that what happened between two of them is still known in sum.

/// <summary>Keeps samples until the portal has them: in order, without loss or doubling, in a bounded directory.</summary>
public sealed class SampleSpool : IDisposable
{
    private const long LargestSegment = 1 << 20;
    private static readonly TimeSpan SyncAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly long _limitBytes;
    private readonly long _segmentBytes;
    private readonly TimeProvider _time;
    private readonly FileStream _claim;
    private readonly SpoolNumbers _numbers;
    private readonly List<SpoolSegment> _segments;
    private (SpoolSegment Segment, long Offset, long Sequence)? _reader;
    private DateTimeOffset? _unsyncedSince;
    private long _acknowledged;

    /// <exception cref="IOException">Another agent uses the directory, or it cannot be written.</exception>
    public SampleSpool(string directory, long limitBytes, TimeProvider time)
    {
        (_directory, _limitBytes, _time) = (Directory.CreateDirectory(directory).FullName, limitBytes, time);
        _segmentBytes = Math.Min(LargestSegment, limitBytes / 16);
        _claim = new FileStream(Path.Combine(_directory, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _numbers = SpoolNumbers.Load(_directory);
        _segments = SpoolSegment.Load(_directory);
        if (_numbers.IsNew) DropAll();
    }

    /// <summary>Of this directory's numbers.</summary>
    public string Id => _numbers.Id;

    /// <summary>Set whenever a sample has come.</summary>
    public Signal Appended { get; } = new();

    /// <summary>What the files take.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate) return _segments.Sum(segment => segment.Bytes);
        }
    }

    /// <summary>Keeps a sample, and gives it its number.</summary>
    /// <exception cref="IOException">The disk is full; the sample is lost, and those before it are not.</exception>
    public void Append(NodeSample sample)
    {
        lock (_gate)
        {
            var numbered = sample with { Sequence = _numbers.Take() };
            var body = JsonSerializer.SerializeToUtf8Bytes(numbered, ContractJson.Default.NodeSample);
            SegmentFor(numbered.Sequence).Append(new(numbered.Sequence, Crc32.HashToUInt32(Encoding.UTF8.GetBytes(sample.BootId)), body));
            _unsyncedSince ??= _time.GetUtcNow();
            if (_time.GetUtcNow() - _unsyncedSince >= SyncAfter) Sync();
            while (_segments.Sum(segment => segment.Bytes) > _limitBytes - (2 * _segmentBytes) && _segments.Count > 1) Shrink();
        }
        Appended.Set();
    }

    /// <summary>The samples after a number, in order: as many as fit into that many bytes, and one in any case; none when there is none.</summary>
    public ImmutableArray<NodeSample> ReadAfter(long sequence, int maxBytes)
    {
        lock (_gate)
        {
            var samples = ImmutableArray.CreateBuilder<NodeSample>();
            var bytes = 0;
            foreach (var record in RecordsAfter(sequence))
            {
                bytes += record.Bytes;
                if (samples.Count > 0 && bytes > maxBytes) break;
                samples.Add(JsonSerializer.Deserialize(record.Body.Span, ContractJson.Default.NodeSample)!);
                _reader = _reader!.Value with { Offset = _reader.Value.Offset + record.Bytes, Sequence = record.Sequence };
            }
            return samples.DrainToImmutable();
        }
    }

    /// <summary>The portal has kept every sample up to this number: they are forgotten.</summary>
    public void Acknowledge(long sequence)
    {
        lock (_gate)
        {
            _acknowledged = Math.Max(_acknowledged, sequence);
            while (_segments.Count > 1 && _segments[0].Last <= _acknowledged) Drop(_segments[0]);
            if (_segments is [{ Bytes: > 0 } last] && last.Last <= _acknowledged)
            {
                last.Empty();
                _unsyncedSince = null;
                _reader = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var segment in _segments) segment.Dispose();
            _numbers.Dispose();
            _claim.Dispose();
        }
    }

    // The reader's place is remembered: a replay reads each segment once.
    private IEnumerable<SpoolRecord> RecordsAfter(long sequence)
    {
        if (_reader is not { } place || place.Sequence != sequence) _reader = null;
        foreach (var segment in _segments.Where(segment => segment.Last > sequence).ToArray())
        {
            if (_reader?.Segment != segment) _reader = (segment, 0, sequence);
            while (segment.ReadAt(_reader.Value.Offset) is { } record)
            {
                if (record.Sequence > sequence) yield return record;
                else _reader = _reader.Value with { Offset = _reader.Value.Offset + record.Bytes };
            }
        }
    }

    private SpoolSegment SegmentFor(long sequence)
    {
        if (_segments.Count > 0 && _segments[^1] is { Level: 0 } last && last.Bytes < _segmentBytes) return last;
        if (_segments.Count > 0) Sync();
        _segments.Add(SpoolSegment.Create(_directory, sequence, 0));
        return _segments[^1];
    }

    // Never the last segment, which is being written.
    private void Shrink()
    {
        var before = _segments.Sum(segment => segment.Bytes);
        var (index, count) = Finest();
        var folded = SpoolSegment.Fold(_directory, _segments.GetRange(index, count), _acknowledged);
        _segments.RemoveRange(index, count);
        _segments.Insert(index, folded);
        _reader = null;
        if (folded.Bytes == 0 || _segments.Sum(segment => segment.Bytes) == before) Drop(_segments[folded.Bytes == 0 ? index : 0]);
    }

    /// <summary>The oldest two neighbours of the lowest level, or a single segment where no neighbours are of the same level.</summary>
    private (int Index, int Count) Finest()
    {
        var closed = _segments.Count - 1;
        var pairs = Enumerable.Range(0, closed - 1).Where(index => _segments[index].Level == _segments[index + 1].Level).ToArray();
        return pairs.Length > 0
            ? (pairs.MinBy(index => _segments[index].Level), 2)
            : (Enumerable.Range(0, closed).MinBy(index => _segments[index].Level), 1);
    }

    private void Sync()
    {
        _segments[^1].Sync();
        _unsyncedSince = null;
    }

    private void Drop(SpoolSegment segment)
    {
        segment.Delete();
        _segments.Remove(segment);
        _reader = null;
    }

    private void DropAll()
    {
        foreach (var segment in _segments.ToArray()) Drop(segment);
    }
}
