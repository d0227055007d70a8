namespace Portal.Core.Forecast;

// The slope is the median of the slopes between any two points (H. Theil 1950; P. K. Sen 1968: "Estimates of the regression
// coefficient based on Kendall's tau", JASA 63), between equal times of day alone once there are days to compare (R. M. Hirsch,
// J. R. Slack, R. A. Smith 1982: "Techniques of trend analysis for monthly water quality data", Water Resources Research 18).
// The band is made of order statistics of the slopes between days, by the variance of Kendall's S (Sen 1968; R. O. Gilbert 1987:
// "Statistical Methods for Environmental Pollution Monitoring", 16.5): the hours of a day vary together and count as one.

/// <summary>How fast a level grows, per stretch of time, and how sure that is.</summary>
/// <param name="Low">The growth is faster with a probability of 97.5 %.</param>
internal readonly record struct SlopeBand(double Low, double Middle, double High)
{
    private const int FewestPoints = 6;
    private const double Normal95 = 1.96;

    // Two or three days give no order statistics; nearly all slopes have to point the same way.
    private const int FewestDays = 4;
    private const double FewDaysPart = .05;

    /// <summary>null when there are too few points.</summary>
    public static SlopeBand? Of(LevelSeries levels)
    {
        if (levels.Count < FewestPoints) return null;
        var sorted = Slopes(levels, levels.HasDays ? Wave.HoursOfDay : 1);
        if (sorted.Length == 0) return null;
        var middle = Statistics.OfSorted(sorted, (sorted.Length - 1) / 2.0);
        if (!levels.HasDays) return Band(sorted, levels.Count, middle, 1);
        var days = levels.Days();
        if (days.Count >= FewestDays) return Band(Slopes(days, 1), days.Count, middle, Wave.HoursOfDay);
        return new(Statistics.OfSorted(sorted, FewDaysPart * (sorted.Length - 1)), middle, Statistics.OfSorted(sorted, (1 - FewDaysPart) * (sorted.Length - 1)));
    }

    /// <summary>The same, where the whole past may be tilted by so much.</summary>
    public SlopeBand Widened(double by) => new(Low - by, Middle, High + by);

    private static SlopeBand Band(double[] sorted, int points, double middle, double stretches)
    {
        var off = Normal95 * Math.Sqrt(points * (points - 1.0) * (2 * points + 5) / 18);
        var (low, high) = (Statistics.OfSorted(sorted, (sorted.Length - off) / 2), Statistics.OfSorted(sorted, (sorted.Length + off) / 2));
        return new(Math.Min(middle, low / stretches), middle, Math.Max(middle, high / stretches));
    }

    private static double[] Slopes(LevelSeries levels, int apart)
    {
        var slopes = new List<double>();
        foreach (var season in Enumerable.Range(0, levels.Count).GroupBy(i => levels.Slots[i] % apart))
        {
            var points = season.ToArray();
            for (var a = 0; a < points.Length; a++)
            {
                for (var b = a + 1; b < points.Length; b++)
                    slopes.Add((levels.Values[points[b]] - levels.Values[points[a]]) / (levels.Slots[points[b]] - levels.Slots[points[a]]));
            }
        }
        return [.. slopes.Order()];
    }
}
