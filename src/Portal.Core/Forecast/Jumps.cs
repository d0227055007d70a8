namespace Portal.Core.Forecast;

/// <summary>What came or went at once: much more in an hour than this hour of the day usually brings.</summary>
/// <param name="Steps">By the hour in which it came: what came once, and says nothing of the growth.</param>
/// <param name="LastDeletion">Milliseconds since 1970; what was before it says nothing of what comes.</param>
internal sealed record Jumps(IReadOnlyDictionary<long, double> Steps, long? LastDeletion)
{
    private const double StepErrors = 3;
    private const double Spreads = 8;
    private const double ShiftSpreads = 6;
    private const double LeastPart = .01;
    private const int HoursBeside = 12;

    // A file now and then is an event; one every few days is how it grows.
    private const int OftenAtLeast = 4;
    private const int OftenWithinDays = 4;

    /// <summary>By how much the steps together may be estimated too high or too low.</summary>
    public double Uncertainty { get; private init; }

    public static Jumps Of(LevelSeries hours, double limit)
    {
        if (hours.Count < 3) return new(new Dictionary<long, double>(), null);
        var wave = Wave.Of(hours);
        var spread = Statistics.Spread(wave.Unusual[1..]);
        var jumps = new SortedSet<int>();
        for (var i = 1; i < hours.Count; i++)
        {
            var noise = Spreads * Math.Max(spread, wave.Varies[hours.Slots[i] % Wave.HoursOfDay]) * Math.Sqrt(hours.Slots[i] - hours.Slots[i - 1]);
            if (Math.Abs(wave.Unusual[i]) >= Math.Max(noise, Math.Max(LeastPart * limit, Math.Abs(wave.Expected[i])))) jumps.Add(i);
        }
        var uncertainty = AddThoseInNoise(jumps, wave, LeastPart * limit);
        // That what usually comes has not come is no deletion.
        jumps.RemoveWhere(jump => (wave.Unusual[jump] + wave.Expected[jump]) * Math.Sign(wave.Unusual[jump]) < LeastPart * limit);
        long? deletion = null;
        // The hour in which it was deleted has seen both levels.
        foreach (var jump in jumps.Where(jump => wave.Unusual[jump] < 0)) deletion = (hours.Slots[jump] + 1) * (long)hours.Step.TotalMilliseconds;
        var steps = Runs([.. jumps]).Where(run => deletion is null || hours.Slots[run.Last] * (long)hours.Step.TotalMilliseconds >= deletion)
            .ToDictionary(run => hours.Slots[run.Last], run => Height(wave.Flat, run, jumps));
        return IsOften(steps, hours) ? new(new Dictionary<long, double>(), deletion) : new(steps, deletion) { Uncertainty = StepErrors * uncertainty * Math.Sqrt(steps.Count) };
    }

    /// <summary>Jumps that a single reading does not tell from noise: the half day after stands higher, or lower, than the half day before by far more than
    /// half days usually do.</summary>
    /// <returns>The standard deviation of such a difference.</returns>
    private static double AddThoseInNoise(SortedSet<int> jumps, Wave wave, double least)
    {
        var flat = wave.Flat;
        if (flat.Length < 4 * HoursBeside) return 0;
        double[] shifts = [.. Enumerable.Range(HoursBeside, flat.Length - 2 * HoursBeside + 1).Select(at => Statistics.Median(flat[at..(at + HoursBeside)]) - Statistics.Median(flat[(at - HoursBeside)..at]))];
        var spread = Statistics.Spread(shifts);
        var clear = Math.Max(least, ShiftSpreads * spread);
        for (var first = 0; first < shifts.Length; first++)
        {
            if (Math.Abs(shifts[first]) < clear) continue;
            var (sign, last, highest) = (Math.Sign(shifts[first]), first, 0.0);
            for (; last + 1 < shifts.Length && shifts[last + 1] * sign >= clear; last++) highest = Math.Max(highest, shifts[last + 1] * sign);
            // All windows that see it are one jump, which happened at the largest change among them.
            var (from, to) = (first + HoursBeside / 2, Math.Min(last + HoursBeside + HoursBeside / 2, flat.Length - 1));
            var at = Enumerable.Range(from, to - from + 1).MaxBy(i => wave.Unusual[i] * sign);
            // What came little by little is growth.
            if (jumps.GetViewBetween(from, to).Count == 0 && wave.Unusual[at] * sign > highest / 3) jumps.Add(at);
            first = last;
        }
        return spread;
    }

    /// <summary>What is copied over several hours comes once.</summary>
    private static IEnumerable<(int First, int Last)> Runs(int[] jumps)
    {
        for (var i = 0; i < jumps.Length;)
        {
            var first = i;
            do i++;
            while (i < jumps.Length && jumps[i] == jumps[i - 1] + 1);
            yield return (jumps[first], jumps[i - 1]);
        }
    }

    /// <summary>How much higher the level is after than before, as the median of some hours on either side: one noisy reading would tilt all the past.</summary>
    private static double Height(double[] flat, (int First, int Last) run, SortedSet<int> jumps)
    {
        var from = Math.Max(jumps.GetViewBetween(0, run.First - 1).Max, run.First - HoursBeside);
        var until = Math.Min(jumps.GetViewBetween(run.Last + 1, flat.Length) is { Count: > 0 } later ? later.Min : flat.Length, run.Last + 1 + HoursBeside);
        // The hour in which it came may have seen both levels.
        var first = until - run.Last > 1 ? run.Last + 1 : run.Last;
        return Statistics.Median(flat[first..until]) - Statistics.Median(flat[Math.Max(0, from)..run.First]);
    }

    private static bool IsOften(Dictionary<long, double> steps, LevelSeries hours) =>
        steps.Count >= OftenAtLeast && steps.Count * OftenWithinDays * Wave.HoursOfDay >= hours.Slots[^1] - hours.Slots[0];
}
