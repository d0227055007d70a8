using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Metrics;
using Portal.Core.Texts;

namespace Portal.Core.Forecast;

// A fill level goes up with what is kept and down with what is deleted, in steps when somebody copies a large file, and in
// waves when something works by day and tidies up by night. What is asked is where the slow part of it leads. So steps are
// taken out, what was before a deletion is forgotten, and the slope is a median over pairs of equal times of day, which no
// wave and no outlier reaches. Where all this leaves nothing that is larger than chance, the answer is that there is no trend.

/// <summary>How full something was over time, and how much it holds.</summary>
/// <param name="Used">In order of time, hourly or finer; gaps are skipped.</param>
/// <param name="Limit">What it holds, in the unit of <paramref name="Used"/>; 100 for percent.</param>
public sealed record FillTrace(ImmutableArray<MetricPoint> Used, double Limit, MetricUnit Unit)
{
    /// <summary>What happened longer ago says little of what comes.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <summary>Growth that needs longer than that is not a forecast any more.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(2 * 365);

    /// <summary>From here on the daily wave cancels out, and chance can be told from growth.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromDays(4);

    /// <summary>Growth that may as well be a fifth of it is none that a date can be made of.</summary>
    private const double LeastCertain = .2;

    private static readonly TimeSpan Shortest = TimeSpan.FromHours(2);
    private static readonly TimeSpan Stale = TimeSpan.FromDays(1);

    public FillForecast Forecast(DateTimeOffset now)
    {
        var recent = Used.Where(point => !point.IsGap && point.Time > now - Window && point.Time <= now).ToArray();
        if (recent.Length == 0 || Limit <= 0) return Unknown(ForecastTexts.NothingKnown);
        if (now - recent[^1].Time > Stale) return Unknown(ForecastTexts.Stale(Day(recent[^1].Time)));
        if (recent[^1].Average >= Limit) return new(FillTrend.Full, ForecastTexts.Full) { FullAt = now, EarliestAt = now, LatestAt = now };

        var jumps = Jumps.Of(LevelSeries.Of(recent, LevelSeries.Hour), Limit);
        var since = jumps.LastDeletion is { } deletion ? Array.FindAll(recent, point => point.At >= deletion) : recent;
        if (since.Length == 0) return Unknown(ForecastTexts.JustDeleted);
        var span = now - since[0].Time;
        var wasDeleted = jumps.LastDeletion is not null;
        if (span < Shortest) return Unknown(wasDeleted ? ForecastTexts.JustDeleted : ForecastTexts.TooShort(Hours(span))) with { Since = since[0].Time };

        var levels = span >= 2 * LevelSeries.Day
            ? LevelSeries.Of(since, LevelSeries.Hour).Without(jumps.Steps)
            : LevelSeries.Of(since, LevelSeries.TenMinutes);
        if (SlopeBand.Of(levels) is not { } slope) return Unknown(ForecastTexts.TooShort(Hours(span))) with { Since = since[0].Time };
        return Lead(levels, levels.HasDays ? slope.Widened(jumps.Uncertainty * (levels.Step / span)) : slope, span, now) with { Since = since[0].Time };
    }

    private FillForecast Lead(LevelSeries levels, SlopeBand slope, TimeSpan span, DateTimeOffset now)
    {
        var perDay = slope.Middle * (LevelSeries.Day / levels.Step);
        if (slope.High < 0) return new(FillTrend.Falling, ForecastTexts.Falling(Amount(-perDay), Whole(span.TotalDays))) { PerDay = perDay };
        if (slope.Low <= slope.Middle * LeastCertain)
        {
            return span < Settled
                ? Unknown(ForecastTexts.TooShort(Hours(span))) with { PerDay = perDay }
                : new(FillTrend.Steady, ForecastTexts.Steady(Whole(span.TotalDays))) { PerDay = perDay };
        }
        var full = levels.ReachesAt(Limit, slope.Middle, now);
        // A few hours tell of the next few hours: until waves can be told from growth, it is looked ahead as far as it was looked back.
        if (span < Settled && full - now > span) return Unknown(ForecastTexts.TooShort(Hours(span))) with { PerDay = perDay };
        if (full - now > Horizon) return new(FillTrend.Distant, ForecastTexts.Distant(Amount(perDay))) { PerDay = perDay };
        // A level is known to the stretch of time that it was averaged over.
        var early = levels.ReachesAt(Limit, slope.High, now) - levels.Step;
        var late = levels.ReachesAt(Limit, slope.Low, now) + levels.Step;
        var found = new FillForecast(FillTrend.Filling, ForecastTexts.Full)
        {
            PerDay = perDay,
            FullAt = full,
            EarliestAt = early < now ? now : early,
            LatestAt = late - now > Horizon ? null : late,
        };
        return found with { Text = Sentence(found, now) };
    }

    private Message Sentence(FillForecast found, DateTimeOffset now)
    {
        var left = found.FullAt!.Value - now;
        if (left < TimeSpan.FromDays(2)) return ForecastTexts.FillingHours(Amount(found.PerDay / 24), Hours(left), Minute(found.EarliestAt!.Value), found.LatestAt is { } until ? Minute(until) : ForecastTexts.Later);
        var early = Day(found.EarliestAt!.Value);
        if (found.LatestAt is { } last && Day(last) == early) return ForecastTexts.FillingDay(Amount(found.PerDay), Whole(left.TotalDays), early);
        return ForecastTexts.FillingDays(Amount(found.PerDay), Whole(left.TotalDays), early, found.LatestAt is { } late ? Day(late) : ForecastTexts.Later);
    }

    private static FillForecast Unknown(Message why) => new(FillTrend.Unknown, why);

    private string Amount(double value) => Unit == MetricUnit.Bytes ? ByteText.Format((long)value) : value.ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private static string Whole(double days) => Math.Round(days).ToString(CultureInfo.InvariantCulture);

    private static string Hours(TimeSpan span) => Math.Max(1, Math.Round(span.TotalHours)).ToString(CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Minute(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
