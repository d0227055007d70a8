using Portal.Core.Texts;

namespace Portal.Core.Forecast;

public enum FillTrend
{
    /// <summary>Too little is known to say anything.</summary>
    Unknown,

    /// <summary>It neither grows nor falls by more than it varies.</summary>
    Steady,

    Falling,

    /// <summary>It grows, so slowly that nobody knows what it does by the time it is full.</summary>
    Distant,

    Filling,

    Full,
}

/// <summary>When something is full that goes on as it did.</summary>
/// <param name="Text">The forecast as a sentence, or the reason why there is none.</param>
public sealed record FillForecast(FillTrend Trend, Message Text)
{
    /// <summary>When it is full, most likely; null where the trend does not lead there.</summary>
    public DateTimeOffset? FullAt { get; init; }

    /// <summary>The early end of the band: with a probability of 95 % the growth is not faster.</summary>
    public DateTimeOffset? EarliestAt { get; init; }

    /// <summary>The late end of the band; null when that is further away than can be said.</summary>
    public DateTimeOffset? LatestAt { get; init; }

    /// <summary>Bytes, or percent, that are added in a day.</summary>
    public double PerDay { get; init; }

    /// <summary>The moment since which it goes on as now: what was before a deletion does not count.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>null where it is not known when it is full.</summary>
    public TimeSpan? RemainingAt(DateTimeOffset now) => FullAt is { } full ? full > now ? full - now : TimeSpan.Zero : null;
}
