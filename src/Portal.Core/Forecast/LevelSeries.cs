using Portal.Core.Metrics;

namespace Portal.Core.Forecast;

/// <summary>A level in equal stretches of time, some of which may be missing.</summary>
/// <param name="Step">The length of a stretch.</param>
/// <param name="Slots">The number of each stretch, counted from 1970.</param>
/// <param name="Values">The mean of each: the level in its middle.</param>
internal sealed record LevelSeries(TimeSpan Step, long[] Slots, double[] Values)
{
    public static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // Where the level stands now is read from the last week, wherever it may have come from before.
    private const int AnchorDays = 7;
    private const int AnchorPoints = 18;

    // A. Savitzky, M. J. E. Golay 1964: a parabola through seven points, which leaves the top of a wave where it is.
    private static readonly double[] Parabola = [-2 / 21.0, 3 / 21.0, 6 / 21.0, 7 / 21.0, 6 / 21.0, 3 / 21.0, -2 / 21.0];

    public int Count => Values.Length;

    /// <summary>Long enough that equal times of day can be compared.</summary>
    public bool HasDays => Step == Hour;

    public static LevelSeries Of(IReadOnlyList<MetricPoint> points, TimeSpan step)
    {
        var (slots, values) = (new List<long>(), new List<double>());
        foreach (var slot in points.GroupBy(point => point.At / (long)step.TotalMilliseconds))
        {
            slots.Add(slot.Key);
            values.Add(slot.Average(point => point.Average));
        }
        return new(step, [.. slots], [.. values]);
    }

    /// <summary>The same, as if what came in steps had been there from the beginning.</summary>
    public LevelSeries Without(IReadOnlyDictionary<long, double> steps)
    {
        var values = (double[])Values.Clone();
        var missing = 0.0;
        for (var i = Count - 1; i >= 0; i--)
        {
            values[i] += missing;
            missing += steps.GetValueOrDefault(Slots[i]);
        }
        return this with { Values = values };
    }

    /// <summary>The means of whole days, the last of which ends with the last hour; the wave is taken out first, because hours may be missing.</summary>
    public LevelSeries Days()
    {
        var profile = Wave.Profile(this);
        var days = Enumerable.Range(0, Count).GroupBy(i => (Slots[i] - Slots[^1] - 1) / Wave.HoursOfDay + Slots[^1] / Wave.HoursOfDay)
            .Where(day => day.Count() >= Wave.HoursOfDay / 2).ToArray();
        return new(Day, [.. days.Select(day => day.Key)], [.. days.Select(day => day.Average(i => Values[i] - profile[Slots[i] % Wave.HoursOfDay]))]);
    }

    /// <summary>When the level reaches a limit that goes on by a slope, at the time of day at which it stands highest.</summary>
    /// <param name="slope">Per stretch.</param>
    public DateTimeOffset ReachesAt(double limit, double slope, DateTimeOffset now)
    {
        var here = (double)now.ToUnixTimeMilliseconds() / Step.TotalMilliseconds;
        if (!HasDays)
        {
            var from = Math.Max(0, Count - AnchorPoints);
            return After(now, (limit - Statistics.Median(Distances(from, Count))) / slope);
        }
        var stands = Waves(slope, here);
        var first = double.PositiveInfinity;
        for (var ahead = 0; ahead < stands.Length; ahead++)
        {
            // The day on which it is reached at this time of day.
            var days = Math.Ceiling(((limit - stands[((long)here + ahead) % stands.Length]) / slope - ahead) / stands.Length);
            first = Math.Min(first, Math.Max(0, days) * stands.Length + ahead);
        }
        return After(now, Math.Max(first, 0));

        double[] Distances(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => Values[i] - slope * (Slots[i] + .5 - here))];
    }

    /// <summary>Where the level would stand now if now were that time of day, for each of the 24 hours.</summary>
    private double[] Waves(double slope, double here)
    {
        const int Hours = Wave.HoursOfDay;
        var stands = new double[Hours];
        var all = new List<double>();
        var byHour = new List<double>[Hours];
        for (var hour = 0; hour < Hours; hour++) byHour[hour] = [];
        for (var i = Count - 1; i >= 0 && Slots[^1] - Slots[i] < AnchorDays * Hours; i--)
        {
            var stand = Values[i] - slope * (Slots[i] + .5 - here);
            byHour[Slots[i] % Hours].Add(stand);
            all.Add(stand);
        }
        var middle = Statistics.Median([.. all]);
        for (var hour = 0; hour < Hours; hour++) stands[hour] = byHour[hour].Count == 0 ? middle : Statistics.Median([.. byHour[hour]]);
        // The highest of 24 noisy numbers is too high; neighbours take the noise out and leave the wave in.
        return [.. Enumerable.Range(0, Hours).Select(hour => Parabola.Select((weight, at) => weight * stands[(hour + at - Parabola.Length / 2 + Hours) % Hours]).Sum())];
    }

    private DateTimeOffset After(DateTimeOffset now, double steps)
    {
        var days = steps * Step.TotalDays;
        return days >= 2 * FillTrace.Horizon.TotalDays ? now + 2 * FillTrace.Horizon : now + TimeSpan.FromDays(Math.Max(0, days));
    }
}
