using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Alerts;
using Portal.Core;
using Portal.Core.Alerts;
using Portal.Core.Forecast;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Tests.Core.Alerts;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Alerts;

public sealed class ForecastsTests
{
    private const double Gi = 1L << 30;

    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_with_a_past_of_weeks_is_forecast_from_its_hours()
    {
        var past = new MadeUpPast(_time.GetUtcNow(), TimeSpan.FromDays(14), used: back => 8 * Gi - back.TotalDays * .25 * Gi);

        var forecast = await Of(past);

        Assert.Equal(FillTrend.Filling, forecast?.Trend);
        Assert.InRange(forecast!.RemainingAt(_time.GetUtcNow())!.Value.TotalDays, 7.5, 8.5);
        Assert.Equal([TimeSpan.FromHours(1)], past.Steps);
    }

    [Fact]
    public async Task A_volume_with_a_past_of_hours_is_looked_at_more_closely()
    {
        var past = new MadeUpPast(_time.GetUtcNow(), TimeSpan.FromHours(8), used: back => 8 * Gi - back.TotalHours * .5 * Gi);

        var forecast = await Of(past);

        Assert.InRange(forecast!.RemainingAt(_time.GetUtcNow())!.Value.TotalHours, 3.5, 4.5);
        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromMinutes(10)], past.Steps);
    }

    [Fact]
    public async Task Of_a_volume_that_nobody_measures_nothing_is_said() =>
        Assert.Null(await Of(new MadeUpPast(_time.GetUtcNow(), TimeSpan.Zero, used: _ => double.NaN)));

    private async Task<FillForecast?> Of(IMetricSource past)
    {
        using var forecasts = new Forecasts(new Live<StorageState>(StorageState.Empty), _time, past, NullLogger<Forecasts>.Instance);
        return (await forecasts.OutlookAsync(AlertObjects.MeasuredAs(GivenAlerts.Volume())!.Value, Cancel))?.Forecast;
    }

    private sealed class MadeUpPast(DateTimeOffset now, TimeSpan span, Func<TimeSpan, double> used) : IMetricSource
    {
        public List<TimeSpan> Steps { get; } = [];

        public Task<ImmutableArray<MetricSeries>> QueryAsync(MetricQuery query, CancellationToken cancel)
        {
            Steps.Add(query.Step);
            return Task.FromResult<ImmutableArray<MetricSeries>>([.. query.Series.Select(key => new MetricSeries(key, [.. Points(query.Step, key.Metric)], MetricOrigin.Agent))]);
        }

        private IEnumerable<MetricPoint> Points(TimeSpan step, Metric metric)
        {
            for (var back = span; back > TimeSpan.Zero; back -= step)
                yield return MetricPoint.One((now - back).ToUnixTimeMilliseconds(), metric == Metric.SizeBytes ? 10 * Gi : used(back));
        }
    }
}
