namespace Portal.Core.Forecast;

/// <summary>Order statistics.</summary>
internal static class Statistics
{
    /// <summary>Scales the median of absolute deviations to the standard deviation of a normal distribution.</summary>
    private const double NormalScale = 1.4826;

    public static double Median(double[] values) => Quantile(values, .5);

    /// <summary>Sorts the values.</summary>
    public static double Quantile(double[] values, double part)
    {
        Array.Sort(values);
        return OfSorted(values, part * (values.Length - 1));
    }

    /// <param name="rank">Counted from 0; between two values it is their weighted mean.</param>
    public static double OfSorted(double[] sorted, double rank)
    {
        if (sorted.Length == 0) return 0;
        rank = Math.Clamp(rank, 0, sorted.Length - 1);
        var below = (int)rank;
        return below + 1 < sorted.Length ? sorted[below] + (rank - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }

    /// <summary>A standard deviation that outliers do not move: the median of absolute deviations.</summary>
    public static double Spread(double[] values)
    {
        var middle = Median((double[])values.Clone());
        return NormalScale * Median([.. values.Select(value => Math.Abs(value - middle))]);
    }
}
