using System.Globalization;
using Portal.Core.Forecast;
using Portal.Core.Metrics;

namespace Portal.Tests.Core.Forecast;

public sealed class FillForecastTests
{
    private static readonly DateTimeOffset Now = GivenTrace.Now;

    [Fact]
    public void It_says_how_fast_and_when_in_both_languages()
    {
        var forecast = new GivenTrace { Level = 60, PerDay = 2 }.Forecast();

        Assert.Equal("It grows by 2 MiB a day and is full in about 20 days, on 2026-04-09.", forecast.Text.English);
        Assert.StartsWith("每天增长 2 MiB，约 20 天后（2026-04-09）写满", forecast.Text.In(CultureInfo.GetCultureInfo("zh-CN")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_band_holds_the_truth_and_is_wider_where_more_is_uncertain()
    {
        var calm = new GivenTrace { PerDay = 2, Noise = .1 };
        var noisy = new GivenTrace { PerDay = 2, Noise = 1.5 };

        var (narrow, wide) = (calm.Forecast(), noisy.Forecast());

        Assert.InRange(Now + calm.Remaining(), narrow.EarliestAt!.Value, narrow.LatestAt!.Value);
        Assert.InRange(Now + noisy.Remaining(), wide.EarliestAt!.Value, wide.LatestAt!.Value);
        Assert.True(wide.LatestAt - wide.EarliestAt > 2 * (narrow.LatestAt - narrow.EarliestAt));
    }

    [Fact]
    public void A_volume_of_many_tebibytes_is_forecast_as_well()
    {
        const double Larger = 1 << 20;
        var points = new GivenTrace { PerDay = 2 }.Points().Select(point => MetricPoint.One(point.At, point.Average * Larger));

        var forecast = new FillTrace([.. points], GivenTrace.Limit * Larger, MetricUnit.Bytes).Forecast(Now);

        Assert.Equal("It grows by 2 TiB a day and is full in about 20 days, on 2026-04-09.", forecast.Text.English);
    }

    [Fact]
    public void Of_nothing_nothing_is_said()
    {
        Assert.Equal(FillTrend.Unknown, new FillTrace([], 100, MetricUnit.Percent).Forecast(Now).Trend);
        Assert.Equal(FillTrend.Unknown, new FillTrace([MetricPoint.Gap(Now.ToUnixTimeMilliseconds())], 100, MetricUnit.Percent).Forecast(Now).Trend);
        Assert.Equal(FillTrend.Unknown, new GivenTrace { Days = .05, PerDay = 10 }.Forecast().Trend);
    }

    [Fact]
    public void What_has_not_been_measured_for_days_is_not_forecast()
    {
        var old = new GivenTrace { PerDay = 2 }.Points().Where(point => point.Time < Now.AddDays(-2));

        var forecast = new FillTrace([.. old], GivenTrace.Limit, MetricUnit.Bytes).Forecast(Now);

        Assert.Equal(FillTrend.Unknown, forecast.Trend);
        Assert.Contains("2026-03-18", forecast.Text.English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_that_fills_within_hours_is_seen_within_hours()
    {
        var trace = new GivenTrace { Days = .3, Level = 80, PerDay = 96, Every = TimeSpan.FromMinutes(10) };

        var forecast = trace.Forecast();

        Assert.Equal(FillTrend.Filling, forecast.Trend);
        Assert.InRange(forecast.RemainingAt(Now)!.Value.TotalHours, 4.5, 5.5);
    }

    [Fact]
    public void A_morning_does_not_tell_what_the_year_brings()
    {
        var forecast = new GivenTrace { Days = .5, Level = 20, PerDay = 10, Every = TimeSpan.FromMinutes(10) }.Forecast();

        Assert.Equal(FillTrend.Unknown, forecast.Trend);
        Assert.Equal("Too little is known: it has gone on as now for 12 h. The forecast becomes certain after four days.", forecast.Text.English);
    }

    [Fact]
    public void Right_after_a_deletion_it_waits()
    {
        var forecast = new GivenTrace { PerDay = 2, Jumps = [(.05, -30)] }.Forecast();

        Assert.Equal(FillTrend.Unknown, forecast.Trend);
        Assert.Null(forecast.FullAt);
    }

    [Fact]
    public void Files_that_keep_coming_are_the_growth()
    {
        var forecast = new GivenTrace { Days = 28, Level = 70, Jumps = [.. Enumerable.Range(0, 28).Select(day => (day + .37 + .1 * (day % 3), 1.5))] }.Forecast();

        Assert.Equal(FillTrend.Filling, forecast.Trend);
        Assert.InRange(forecast.RemainingAt(Now)!.Value.TotalDays, 17, 23);
    }

    [Fact]
    public void Log_files_that_are_thrown_away_each_night_are_no_trend_and_no_deletion()
    {
        var random = new Random(7);
        var points = Enumerable.Range(0, 14 * 24).Select(hour => Now.AddHours(hour - 14 * 24 + 1))
            .Select(at => MetricPoint.One(at.ToUnixTimeMilliseconds(), 40 + at.Hour * (1 + .1 * random.NextDouble())));

        var forecast = new FillTrace([.. points], 100, MetricUnit.Percent).Forecast(Now);

        Assert.Equal(FillTrend.Steady, forecast.Trend);
        Assert.True(forecast.Since < Now.AddDays(-13));
    }

    [Fact]
    public void What_is_full_is_full_now()
    {
        var forecast = new GivenTrace { Level = 100.5, PerDay = 1 }.Forecast();

        Assert.Equal(FillTrend.Full, forecast.Trend);
        Assert.Equal(Now, forecast.FullAt);
    }

    [Fact]
    public void Two_years_are_no_forecast()
    {
        var forecast = new GivenTrace { Level = 10, PerDay = .05 }.Forecast();

        Assert.Equal(FillTrend.Distant, forecast.Trend);
        Assert.Null(forecast.FullAt);
    }

    [Fact]
    public void A_gap_in_the_past_changes_nothing()
    {
        var trace = new GivenTrace { PerDay = 2, Wave = 3 };
        var points = trace.Points().Where(point => point.Time < Now.AddDays(-8) || point.Time > Now.AddDays(-6));

        var forecast = new FillTrace([.. points], GivenTrace.Limit, MetricUnit.Bytes).Forecast(Now);

        Assert.InRange(forecast.RemainingAt(Now)!.Value / trace.Remaining(), .9, 1.1);
    }
}
