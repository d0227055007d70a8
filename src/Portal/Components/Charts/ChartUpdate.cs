using System.Buffers.Binary;
using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

// Only what is new travels. The browser keeps the points; of each line it is told how many to drop at the left, how many of the rest still
// hold, and the points after those. A chart that goes on costs one point per line and second, a late point costs what comes after it.

/// <summary>What the browser has of a chart.</summary>
public sealed record ShownChart(ChartSpec Spec, ChartShape Shape, long Version);

/// <summary>How the browser gets from what it has to the next picture.</summary>
/// <param name="Base">The version that it must have; 0 for a chart that is told whole.</param>
/// <param name="Shape">null when it stays.</param>
/// <param name="From">Milliseconds since 1970, like <paramref name="To"/>.</param>
/// <param name="Lines">At the end, those that are as the one before them are left out.</param>
public sealed record ChartUpdate(long Base, long Version, ChartShape? Shape, long From, long To, ImmutableArray<ChartUpdate.Line> Lines)
{
    /// <param name="Drop">Points to forget at the left.</param>
    /// <param name="Keep">Points after those that still hold; what the browser has beyond them goes.</param>
    /// <param name="Count">Points that come in <see cref="Numbers"/>.</param>
    /// <param name="SharesTimes">Their times are those of the line before, and are left out.</param>
    public sealed record Line(int Drop, int Keep, int Count, bool SharesTimes);

    /// <summary>Little-endian, per line: times in milliseconds since 1970 (8 bytes each), then means, and for a shape with a spread the lowest and the
    /// highest values (4 bytes each). A gap is not a number.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public byte[] Numbers { get; private init; } = [];

    /// <param name="has">null when the browser has nothing, or what it has is not known.</param>
    public static (ChartUpdate Update, ShownChart Shown) Between(ShownChart? has, ChartSpec next)
    {
        var shape = ChartShape.Of(next);
        var goesOn = has is not null && has.Shape == shape;
        var version = (has?.Version ?? 0) + 1;
        var lines = ImmutableArray.CreateBuilder<Line>(next.Lines.Length);
        var numbers = new MemoryStream();
        ReadOnlyMemory<MetricPoint> last = default;
        for (var at = 0; at < next.Lines.Length; at++)
        {
            var points = next.Lines[at].Points;
            var (drop, keep) = goesOn ? Common(has!.Spec.Lines[at].Points, points) : (0, 0);
            var fresh = points.AsMemory()[keep..];
            var sharesTimes = at > 0 && HaveSameTimes(last.Span, fresh.Span);
            lines.Add(new(drop, keep, fresh.Length, sharesTimes));
            Write(numbers, fresh.Span, sharesTimes, shape.HasSpread);
            last = fresh;
        }
        while (lines.Count > 1 && lines[^1] == lines[^2]) lines.RemoveAt(lines.Count - 1);
        var update = new ChartUpdate(goesOn ? has!.Version : 0, version, goesOn ? null : shape, next.From.ToUnixTimeMilliseconds(), next.To.ToUnixTimeMilliseconds(), lines.ToImmutable())
        {
            Numbers = numbers.ToArray(),
        };
        return (update, new(next, shape, version));
    }

    private static (int Drop, int Keep) Common(ImmutableArray<MetricPoint> has, ImmutableArray<MetricPoint> next)
    {
        if (next.IsEmpty || has.IsEmpty) return (has.Length, 0);
        var drop = IndexOf(has, next[0].At);
        return drop < 0 ? (has.Length, 0) : (drop, has.AsSpan()[drop..].CommonPrefixLength(next.AsSpan()));
    }

    private static int IndexOf(ImmutableArray<MetricPoint> points, long time)
    {
        var (low, high) = (0, points.Length - 1);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            if (points[middle].At == time) return middle;
            if (points[middle].At < time) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    private static bool HaveSameTimes(ReadOnlySpan<MetricPoint> one, ReadOnlySpan<MetricPoint> other)
    {
        if (one.Length != other.Length) return false;
        for (var at = 0; at < one.Length; at++)
            if (one[at].At != other[at].At) return false;
        return true;
    }

    private static void Write(Stream numbers, ReadOnlySpan<MetricPoint> points, bool sharesTimes, bool hasSpread)
    {
        Span<byte> eight = stackalloc byte[8];
        if (!sharesTimes)
        {
            foreach (var point in points)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(eight, point.At);
                numbers.Write(eight);
            }
        }
        foreach (var point in points) WriteSingle(numbers, point.Average);
        if (!hasSpread) return;
        foreach (var point in points) WriteSingle(numbers, point.Min);
        foreach (var point in points) WriteSingle(numbers, point.Max);
    }

    private static void WriteSingle(Stream numbers, double value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, (float)value);
        numbers.Write(four);
    }
}
