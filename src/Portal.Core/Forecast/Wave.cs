namespace Portal.Core.Forecast;

/// <summary>What a day does to a level, hour by hour, and what is left without it: flat, but for noise and jumps.</summary>
internal sealed record Wave
{
    public const int HoursOfDay = 24;

    private const int DaysForWave = 3;
    private const int DaysForSpread = 5;

    // Of the 24 hours around a moment.
    private const int EnoughAround = 20;

    /// <summary>The level without wave and slope.</summary>
    public required double[] Flat { get; init; }

    /// <summary>By how much each reading differs from the one before, and by how much that was to be expected.</summary>
    public required double[] Unusual { get; init; }

    /// <inheritdoc cref="Unusual"/>
    public required double[] Expected { get; init; }

    /// <summary>How much the unusual varies at each hour of the day: some hours vary more, like the one in which somebody tidies up.</summary>
    public required double[] Varies { get; init; }

    public static Wave Of(LevelSeries hours)
    {
        var profile = Profile(hours);
        var slope = Slope(hours);
        double Usual(int i) => profile[hours.Slots[i] % HoursOfDay] + slope * (hours.Slots[i] - hours.Slots[0]);
        double[] flat = [.. Enumerable.Range(0, hours.Count).Select(i => hours.Values[i] - Usual(i))];
        double[] unusual = [0, .. Enumerable.Range(1, hours.Count - 1).Select(i => flat[i] - flat[i - 1])];
        double[] expected = [0, .. Enumerable.Range(1, hours.Count - 1).Select(i => Usual(i) - Usual(i - 1))];
        var varies = new double[HoursOfDay];
        foreach (var hour in Enumerable.Range(1, hours.Count - 1).GroupBy(i => hours.Slots[i] % HoursOfDay).Where(hour => hour.Count() >= DaysForSpread))
            varies[hour.Key] = Statistics.Spread([.. hour.Select(i => unusual[i])]);
        return new() { Flat = flat, Unusual = unusual, Expected = expected, Varies = varies };
    }

    /// <summary>How far each hour of the day lies from the mean of the day around it.</summary>
    public static double[] Profile(LevelSeries hours)
    {
        var off = new List<double>[HoursOfDay];
        for (var hour = 0; hour < HoursOfDay; hour++) off[hour] = [];
        for (var (i, first, after, sum) = (0, 0, 0, 0.0); i < hours.Count; i++)
        {
            while (after < hours.Count && hours.Slots[after] < hours.Slots[i] + HoursOfDay / 2) sum += hours.Values[after++];
            while (hours.Slots[first] < hours.Slots[i] - HoursOfDay / 2) sum -= hours.Values[first++];
            if (after - first >= EnoughAround) off[hours.Slots[i] % HoursOfDay].Add(hours.Values[i] - sum / (after - first));
        }
        return [.. off.Select(hour => hour.Count < DaysForWave ? 0 : Statistics.Median([.. hour]))];
    }

    /// <summary>Per hour: between equal times of neighbouring days, or of neighbouring hours where there are no days yet.</summary>
    private static double Slope(LevelSeries hours)
    {
        var at = new Dictionary<long, double>(hours.Slots.Zip(hours.Values, KeyValuePair.Create));
        double[] days = [.. hours.Slots.Where(slot => at.ContainsKey(slot - HoursOfDay)).Select(slot => (at[slot] - at[slot - HoursOfDay]) / HoursOfDay)];
        if (days.Length >= HoursOfDay) return Statistics.Median(days);
        return Statistics.Median([.. hours.Slots.Where(slot => at.ContainsKey(slot - 1)).Select(slot => at[slot] - at[slot - 1])]);
    }
}
