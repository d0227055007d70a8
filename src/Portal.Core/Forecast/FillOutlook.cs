using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Core.Forecast;

/// <summary>How full something was, and where that leads.</summary>
public sealed record FillOutlook(FillTrace Past, FillForecast Forecast)
{
    // A straight line and its band need no more.
    private const int ExpectedPoints = 48;

    private const int LeastPoints = 6;

    /// <summary>Looked ahead at most so many times as far as there is a past: a picture of which most is guessed misleads.</summary>
    private const double MostAhead = 2;

    /// <summary>What the level is of.</summary>
    public SeriesKey? Of { get; init; }

    /// <summary>Who has measured the past.</summary>
    public MetricOrigin? Origin { get; init; }

    /// <summary>There is enough of a past to see a line in it.</summary>
    public bool IsDrawable => Past.Used.Count(point => !point.IsGap) >= LeastPoints;

    public MetricPoint? Latest => Past.Used.LastOrDefault(point => !point.IsGap) is { At: > 0 } latest ? latest : null;

    /// <summary>The levels to come from the last one known on, until it is full or until nothing is said any more; the lowest and the highest value of a
    /// point are the edges of the band. Empty where it is not known when it is full.</summary>
    public ImmutableArray<MetricPoint> Expected()
    {
        if (Forecast is not { Trend: FillTrend.Filling, FullAt: { } full, EarliestAt: { } early } || Latest is not { } latest) return [];
        // The band's late end is not dated where it lies beyond what a forecast reaches.
        var late = Forecast.LatestAt ?? latest.Time + FillTrace.Horizon;
        var past = latest.Time - Past.Used.First(point => !point.IsGap).Time;
        var until = new[] { late, latest.Time + past * MostAhead, latest.Time + (full - latest.Time) * MostAhead }.Min();
        var points = ImmutableArray.CreateBuilder<MetricPoint>(ExpectedPoints + 1);
        for (var at = 0; at <= ExpectedPoints; at++)
        {
            var time = latest.Time + (until - latest.Time) * ((double)at / ExpectedPoints);
            points.Add(new(time.ToUnixTimeMilliseconds(), Level(late), Level(full), Level(early)));

            double Level(DateTimeOffset reached) => time >= reached ? Past.Limit : latest.Average + (Past.Limit - latest.Average) * ((time - latest.Time) / (reached - latest.Time));
        }
        return points.MoveToImmutable();
    }
}
