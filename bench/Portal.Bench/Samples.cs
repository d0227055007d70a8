using System.Globalization;

namespace Portal.Bench;

/// <summary>Measured times of one thing.</summary>
public sealed record Samples(string Name, IReadOnlyList<TimeSpan> Times)
{
    public TimeSpan Median => At(0.5);

    /// <summary>Column heads for <see cref="ToRow"/>.</summary>
    public static string Heads => $"{"",-44} {"n",4} {"median",9} {"p90",9} {"min",9} {"max",9}   (ms)";

    public string ToRow() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name,-44} {Times.Count,4} {Ms(Median),9:F1} {Ms(At(0.9)),9:F1} {Ms(At(0)),9:F1} {Ms(At(1)),9:F1}");

    private static double Ms(TimeSpan time) => time.TotalMilliseconds;

    private TimeSpan At(double quantile)
    {
        var sorted = Times.Order().ToArray();
        return sorted[(int)Math.Round(quantile * (sorted.Length - 1))];
    }
}
