using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Agents;
using Portal.Cluster;
using Portal.Core;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm.Volumes;
using Portal.Database;

namespace Portal.Metrics;

/// <summary>Registers what is measured: live, kept, and answered to charts.</summary>
public static class MetricServices
{
    public static void AddPortalMetrics(this IServiceCollection services, Uri? prometheus)
    {
        services.TryAddSingleton(HistoryOptions.Default);
        services.AddSingleton<LiveMetrics>();
        services.AddSingleton(provider => provider.GetRequiredService<LiveMetrics>().Now);
        services.AddSingleton<MetricHistory>();
        services.AddSingleton<SampleSink>(provider => provider.GetRequiredService<MetricHistory>().KeepAsync);
        services.AddSingleton<SamplesKept>(provider => provider.GetRequiredService<MetricHistory>().Kept);
        services.AddSingleton<HistoryPruning>();
        services.AddSingleton<HistoryFolder>();
        services.AddSingleton<HistorySource>();
        if (prometheus is not null)
        {
            services.AddHttpClient(nameof(PrometheusSource), http => http.BaseAddress = prometheus);
            services.AddSingleton<PrometheusSource>();
        }
        services.AddSingleton<MetricSources>();
        services.TryAddSingleton<IMetricSource>(provider => provider.GetRequiredService<MetricSources>());
        services.AddHostedService<MetricStart>();
        services.AddSingleton(new Live<KubeletUses>(KubeletUses.Empty));
        // Before anything is measured or folded.
        services.AddSingleton<DemoPast>();
        services.AddHostedService(provider => provider.GetRequiredService<DemoPast>());
        services.AddHostedService<KubeletWatch>();
        services.AddHostedService<ClusterSampler>();
        services.AddHostedService(provider => provider.GetRequiredService<HistoryFolder>());
    }

    /// <summary>Reads how far the history goes before anything is added to it, then shows what is measured each second.</summary>
    private sealed class MetricStart(MetricHistory history, LiveMetrics live, IDbContextFactory<PortalDb> databases, TimeProvider time) : BackgroundService
    {
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            await history.LoadAsync(databases, cancellationToken);
            await base.StartAsync(cancellationToken);
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            try
            {
                await live.RunAsync(time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The portal closes.
            }
        }
    }
}
