using System.Buffers.Binary;
using System.Collections.Immutable;
using Portal.Components.Charts;
using Portal.Core.Metrics;

namespace Portal.Tests.Portal.Components.Charts;

/// <summary>Keeps the points of a chart as the script in the browser does.</summary>
internal sealed class PlayedBrowser
{
    private List<MetricPoint>[] _lines = [];
    private bool _hasSpread;
    private long _version;

    public ImmutableArray<ImmutableArray<MetricPoint>> Lines => [.. _lines.Select(line => line.ToImmutableArray())];

    public bool Take(ChartUpdate update)
    {
        if (update.Base != 0 && update.Base != _version) return false;
        if (update.Shape is { } shape) (_lines, _hasSpread) = ([.. shape.Lines.Select(_ => new List<MetricPoint>())], shape.HasSpread);
        var numbers = update.Numbers.AsSpan();
        long[] times = [];
        for (var place = 0; place < _lines.Length; place++)
        {
            var (change, line) = (update.Lines[Math.Min(place, update.Lines.Length - 1)], _lines[place]);
            line.RemoveRange(0, change.Drop);
            line.RemoveRange(change.Keep, line.Count - change.Keep);
            if (!change.SharesTimes) times = [.. Enumerable.Range(0, change.Count).Select(_ => 0L)];
            for (var at = 0; !change.SharesTimes && at < change.Count; at++) times[at] = (long)Read(ref numbers, 8);
            var means = Values(ref numbers, change.Count);
            var lows = _hasSpread ? Values(ref numbers, change.Count) : means;
            var highs = _hasSpread ? Values(ref numbers, change.Count) : means;
            for (var at = 0; at < change.Count; at++) line.Add(new(times[at], lows[at], means[at], highs[at]));
        }
        Assert.True(numbers.IsEmpty);
        _version = update.Version;
        return true;
    }

    private static double[] Values(ref Span<byte> numbers, int count)
    {
        var values = new double[count];
        for (var at = 0; at < count; at++) values[at] = Read(ref numbers, 4);
        return values;
    }

    private static double Read(ref Span<byte> numbers, int size)
    {
        var value = size == 8 ? BinaryPrimitives.ReadDoubleLittleEndian(numbers) : BinaryPrimitives.ReadSingleLittleEndian(numbers);
        numbers = numbers[size..];
        return value;
    }
}
