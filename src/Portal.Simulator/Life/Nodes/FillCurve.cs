using System.Collections.Immutable;

namespace Portal.Simulator.Life.Nodes;

/// <summary>How full something is over time, before and after the scenario begins: it rises evenly, in the waves of days, and at times at once.</summary>
/// <param name="AtBeginning">The level at the moment at which the scenario begins: bytes, or percent.</param>
/// <param name="PerDay">By how much it rises in a day.</param>
public sealed record FillCurve(double AtBeginning, double PerDay)
{
    /// <summary>How far the wave of a day goes up and down.</summary>
    public double Wave { get; init; }

    /// <summary>What came at once before the beginning, and what was deleted: below zero.</summary>
    public ImmutableArray<(double DaysAgo, double Amount)> Jumps { get; init; } = [];

    /// <param name="sinceBeginning">Below zero for what was before it.</param>
    public double At(TimeSpan sinceBeginning)
    {
        var days = sinceBeginning.TotalDays;
        var level = AtBeginning + (PerDay * days) + (Wave * Math.Sin(2 * Math.PI * days));
        foreach (var (daysAgo, amount) in Jumps)
            if (days < -daysAgo) level -= amount;
        return Math.Max(0, level);
    }
}
