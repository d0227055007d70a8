using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>Registers what charts need. Where nothing measures, they say so.</summary>
public static class ChartServices
{
    public static void AddCharts(this IServiceCollection services)
    {
        services.TryAddSingleton<LiveMetrics>();
        services.TryAddSingleton<IMetricSource, NothingMeasured>();
        services.AddSingleton<MetricWatch>();
    }

    private sealed class NothingMeasured : IMetricSource
    {
        public Task<ImmutableArray<MetricSeries>> QueryAsync(MetricQuery query, CancellationToken cancel) =>
            Task.FromResult<ImmutableArray<MetricSeries>>([.. query.Series.Select(key => new MetricSeries(key, [], null))]);
    }
}
