using System.Collections.Immutable;

namespace Portal.Core.Metrics.History;

/// <summary>A resolution in which the past is kept, in segments that hold a window of it each.</summary>
/// <param name="Step">The stretch of time of one point.</param>
/// <param name="Points">Points of a segment; windows begin at multiples of their length since 1970.</param>
/// <param name="Retention">How long points are kept, unless space is short.</param>
public sealed record Tier(TimeSpan Step, int Points, TimeSpan Retention)
{
    public static readonly Tier TenSeconds = new(TimeSpan.FromSeconds(10), 60, TimeSpan.FromDays(2));
    public static readonly Tier Minutes = new(TimeSpan.FromMinutes(1), 120, TimeSpan.FromDays(30));
    public static readonly Tier Hours = new(TimeSpan.FromHours(1), 120, TimeSpan.FromDays(800));

    /// <summary>From the finest.</summary>
    public static ImmutableArray<Tier> All { get; } = [TenSeconds, Minutes, Hours];

    /// <summary>How the database calls it.</summary>
    public int Seconds => (int)Step.TotalSeconds;

    public long StepMilliseconds => (long)Step.TotalMilliseconds;

    public long WindowMilliseconds => StepMilliseconds * Points;

    /// <summary>The next finer one; null for the finest.</summary>
    public Tier? Finer => All.IndexOf(this) is > 0 and var index ? All[index - 1] : null;

    /// <summary>The next coarser one; null for the coarsest.</summary>
    public Tier? Coarser => All.IndexOf(this) is var index && index + 1 < All.Length ? All[index + 1] : null;

    /// <summary>Where the window begins that a moment lies in; both in milliseconds since 1970.</summary>
    public long WindowOf(long at) => at - (((at % WindowMilliseconds) + WindowMilliseconds) % WindowMilliseconds);
}
