using System.Collections.Immutable;
using Portal.Core.Forecast;
using Portal.Core.Metrics;

namespace Portal.Tests.Core.Forecast;

/// <summary>A made-up past of which the future is known. Amounts are percent of what the volume holds.</summary>
internal sealed record GivenTrace
{
    public static readonly DateTimeOffset Now = new(2026, 3, 20, 9, 30, 0, TimeSpan.Zero);

    public const double Limit = 100 << 20;

    public double Days { get; init; } = 14;

    /// <summary>How full it is now, the wave left out.</summary>
    public double Level { get; init; } = 60;

    public double PerDay { get; init; }

    /// <summary>Half the distance between the day's highest and lowest level.</summary>
    public double Wave { get; init; }

    public double WaveHour { get; init; }

    /// <summary>Standard deviation of each reading.</summary>
    public double Noise { get; init; }

    /// <summary>What came at once, so many days ago; negative for what was deleted.</summary>
    public ImmutableArray<(double DaysAgo, double Amount)> Jumps { get; init; } = [];

    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    public int Seed { get; init; } = 1;

    public FillForecast Forecast() => Outlook().Forecast;

    public FillOutlook Outlook()
    {
        var past = new FillTrace([.. Points()], Limit, MetricUnit.Bytes);
        return new(past, past.Forecast(Now));
    }

    public IEnumerable<MetricPoint> Points()
    {
        var random = new Random(Seed);
        for (var at = Now.AddDays(-Days); at <= Now; at += Every)
        {
            var noise = Noise == 0 ? 0 : Noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            yield return MetricPoint.One(at.ToUnixTimeMilliseconds(), (At(at) + noise) / 100 * Limit);
        }
    }

    /// <summary>What is left until it is full, if it goes on as it does.</summary>
    public TimeSpan Remaining(double limit = 100)
    {
        for (var at = Now; ; at += TimeSpan.FromMinutes(5))
            if (At(at) >= limit) return at - Now;
    }

    private double At(DateTimeOffset at)
    {
        var days = (at - Now).TotalDays;
        var wave = Wave * Math.Sin(2 * Math.PI * ((at.TimeOfDay.TotalHours - WaveHour) / 24));
        return Level + PerDay * days + wave - Jumps.Where(jump => -jump.DaysAgo > days).Sum(jump => jump.Amount);
    }
}
