using System.Collections.Immutable;
using Portal.Core.Metrics;
using Portal.Database;

namespace Portal.Components.Charts;

// A chart that goes on is read when something has come, and each second: then only what is newer than its last points is asked for. Now and then the whole is, because points also
// come late, and the last ones of a coarse step still change.

/// <summary>Reads the series of one person's charts, and keeps what is shown.</summary>
public sealed class ChartFeed(IMetricSource source)
{
    private static readonly TimeSpan WholeEvery = TimeSpan.FromSeconds(30);
    // From here on the last points are means of a time that has not ended.
    private static readonly TimeSpan Coarse = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PastEvery = TimeSpan.FromMinutes(1);
    // What was kept for hours comes in many pieces.
    private static readonly TimeSpan ArrivedEvery = TimeSpan.FromMilliseconds(250);

    private ImmutableArray<SeriesKey> _keys = [];
    private ChartRange? _range;
    private DateTimeOffset _wholeAt;
    private DateTimeOffset _readAt;
    private volatile bool _hasArrived;

    public IReadOnlyDictionary<SeriesKey, MetricSeries> Series { get; private set; } = ImmutableDictionary<SeriesKey, MetricSeries>.Empty;

    /// <summary>The source could not be read just now: the page says so and reads again, and goes on.</summary>
    public static bool IsUnreadable(Exception failed) => failed is HttpRequestException or IOException or TimeoutException || DatabaseProblem.IsOf(failed);

    /// <summary>Something new can be there, or something else is asked for.</summary>
    public bool IsDue(ImmutableArray<SeriesKey> keys, ChartRange range, DateTimeOffset now) => IsOther(keys, range) || now - _readAt >= (_hasArrived ? ArrivedEvery : EveryOf(range));

    /// <summary>Points have come: they are shown now, and not when the clock strikes.</summary>
    public void Arrived() => _hasArrived = true;

    public async Task ReadAsync(ImmutableArray<SeriesKey> keys, ChartRange range, DateTimeOffset now, CancellationToken cancel)
    {
        var (from, to) = range.At(now);
        var isWhole = IsOther(keys, range) || now - _wholeAt >= WholeEvery || range.Step >= Coarse;
        var since = isWhole ? from : Newest() ?? from;
        _hasArrived = false;
        // Noted before it is asked: what fails is not asked again at once, and then whole.
        (_keys, _range, _readAt, _wholeAt) = (keys, range, now, isWhole ? DateTimeOffset.MinValue : _wholeAt);
        var answers = keys.IsEmpty ? [] : await source.QueryAsync(new(keys, since, to, range.Step), cancel);
        var read = new Dictionary<SeriesKey, MetricSeries>(answers.Length);
        foreach (var answer in answers) read[answer.Key] = isWhole ? answer : Joined(answer, from.ToUnixTimeMilliseconds());
        Series = read;
        if (isWhole) _wholeAt = now;
    }

    private bool IsOther(ImmutableArray<SeriesKey> keys, ChartRange range) => _range != range || !_keys.AsSpan().SequenceEqual(keys.AsSpan());

    // As often as a point of its step is new, but not for each of thousands of pages of a long range at once.
    private static TimeSpan EveryOf(ChartRange range) => !range.IsLive || range.Step > PastEvery ? PastEvery : range.Step;

    // The oldest of the last points: a series that lags is not left behind. One without any point waits for the next whole.
    private DateTimeOffset? Newest()
    {
        DateTimeOffset? newest = null;
        foreach (var one in Series.Values)
        {
            if (one.Points.IsEmpty) continue;
            var last = one.Points[^1].Time;
            if (newest is null || last < newest) newest = last;
        }
        return newest;
    }

    private static MetricOrigin? AlsoFrom(MetricSeries answer, MetricSeries before) =>
        answer.AlsoFrom ?? (answer.Origin is null || before.Origin == answer.Origin ? before.AlsoFrom : before.Origin);

    private MetricSeries Joined(MetricSeries answer, long from)
    {
        if (!Series.TryGetValue(answer.Key, out var before) || before.Points.IsEmpty) return answer;
        if (answer.Points.IsEmpty) return before;
        var kept = before.Points.AsSpan();
        // What was answered again is as it is now.
        var end = kept.Length;
        while (end > 0 && kept[end - 1].At >= answer.Points[0].At) end--;
        var start = 0;
        while (start < end && kept[start].At < from) start++;
        return answer with { Points = [.. kept[start..end], .. answer.Points], Origin = answer.Origin ?? before.Origin, AlsoFrom = AlsoFrom(answer, before) };
    }
}
