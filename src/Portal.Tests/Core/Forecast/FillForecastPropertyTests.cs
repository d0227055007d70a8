using CsCheck;
using Portal.Core.Forecast;

namespace Portal.Tests.Core.Forecast;

public sealed class FillForecastPropertyTests
{
    private static readonly Gen<GivenTrace> Growing =
        from days in Gen.Double[10, 40]
        from level in Gen.Double[30, 80]
        from perDay in Gen.Double[.5, 5]
        from waveHour in Gen.Double[0, 24]
        from seed in Gen.Int[1, 1_000_000]
        select new GivenTrace { Days = days, Level = level, PerDay = perDay, WaveHour = waveHour, Seed = seed };

    // Of what a day adds.
    private static readonly Gen<double> MuchNoise = Gen.Double[0, .5];
    private static readonly Gen<double> SomeNoise = Gen.Double[0, .15];

    [Fact]
    public void A_steady_growth_is_full_when_it_says() =>
        Growing.Sample(IsWithinATenth);

    [Fact]
    public void A_daily_wave_does_not_mislead() =>
        Gen.Select(Growing, Gen.Double[.5, 8]).Sample((trace, wave) => IsWithinATenth(trace with { Wave = wave }));

    [Fact]
    public void Noise_does_not_mislead() =>
        Gen.Select(Growing, MuchNoise).Sample((trace, noise) => IsWithinATenth(trace with { Noise = noise * trace.PerDay }));

    [Fact]
    public void Large_files_that_are_copied_in_do_not_mislead() =>
        Gen.Select(Growing, SomeNoise, Steps(3)).Sample((trace, noise, steps) => IsWithinATenth(trace with { Noise = noise * trace.PerDay, Jumps = [.. steps] }));

    [Fact]
    public void Only_the_time_since_a_deletion_counts() =>
        Gen.Select(Growing, SomeNoise, Gen.Double[5, 8], Gen.Double[5, 30]).Sample((trace, noise, daysAgo, amount) =>
            IsWithinATenth(trace with { Noise = noise * trace.PerDay, Jumps = [(daysAgo, -amount)] }));

    [Fact]
    public void All_of_it_together_does_not_mislead() =>
        Gen.Select(Growing, Gen.Double[0, 5], SomeNoise, Steps(2)).Sample((trace, wave, noise, steps) =>
            IsWithinATenth(trace with { Wave = wave, Noise = noise * trace.PerDay, Jumps = [.. steps, (8.5, -20)] }));

    [Fact]
    public void What_falls_does_not_fill() =>
        Gen.Select(Growing, Gen.Double[0, 5], MuchNoise).Sample((trace, wave, noise) =>
            Assert.Equal(FillTrend.Falling, (trace with { PerDay = -trace.PerDay, Wave = wave, Noise = noise * trace.PerDay }).Forecast().Trend));

    // Chance looks like growth now and then; the same traces each time, so that this test does not.
    [Fact]
    public void Where_nothing_grows_there_is_no_trend()
    {
        const int Traces = 1000;
        var random = new Random(5);
        var wrong = new List<string>();
        for (var seed = 0; seed < Traces; seed++)
        {
            var steps = Enumerable.Range(0, random.Next(3)).Select(_ => (.2 + 6 * random.NextDouble(), 6 + 6 * random.NextDouble()));
            var trace = new GivenTrace { Days = 7 + 30 * random.NextDouble(), Level = 30 + 40 * random.NextDouble(), Wave = 10 * random.NextDouble(), WaveHour = 24 * random.NextDouble(), Noise = .01 + random.NextDouble(), Seed = seed, Jumps = [.. steps] };
            if (trace.Forecast().FullAt is not null) wrong.Add($"{trace.Forecast().Text.English} for {trace}");
        }

        Assert.True(wrong.Count <= Traces / 50, $"{wrong.Count} of {Traces}: {string.Join('\n', wrong.Take(5))}");
    }

    private static Gen<(double, double)[]> Steps(int atMost) => Gen.Select(Gen.Double[.2, 6.5], Gen.Double[4, 15]).Array[1, atMost];

    private static void IsWithinATenth(GivenTrace trace)
    {
        var truth = trace.Remaining();
        var forecast = trace.Forecast();

        if (truth > FillTrace.Horizon * .9)
        {
            Assert.Contains(forecast.Trend, new[] { FillTrend.Filling, FillTrend.Distant });
            return;
        }
        Assert.True(forecast.Trend == FillTrend.Filling || (forecast.Trend == FillTrend.Full && truth < TimeSpan.FromDays(1)), $"{forecast.Trend} for {trace}: {forecast.Text.English}");
        // Where the top of a wave nearly touches the limit, a tenth of a percent decides which day it is.
        var (soonest, latest) = (trace.Remaining(99.9) * .9, trace.Remaining(100.1) * 1.1);
        var remaining = forecast.RemainingAt(GivenTrace.Now)!.Value;
        // Of what is full tomorrow the hour is not asked for.
        Assert.True((remaining >= soonest && remaining <= latest) || (remaining - truth).Duration() < TimeSpan.FromHours(3), $"{remaining / truth - 1:P1} off ({remaining}, in truth {truth}) for {trace}");
    }
}
