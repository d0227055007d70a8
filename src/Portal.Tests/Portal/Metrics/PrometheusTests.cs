using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Metrics;
using Portal.Hosting;
using Portal.Metrics;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Core.Metrics;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Metrics;

/// <summary>A real Prometheus that scrapes the portal and is asked by it.</summary>
public sealed class PrometheusTests
{
    private static readonly Measured Volume = Measured.LogicalVolume(Readings.Node, "myvg1", "a");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chart_of_a_week_is_answered_by_Prometheus_and_by_the_history_where_it_does_not_answer()
    {
        var port = PrometheusProcess.FreePort();
        var options = new PortalOptions { Demo = true, DemoAgents = true, Prometheus = new Uri($"http://127.0.0.1:{port}/") };
        await using var portal = await TestPortal.StartAsync(options, Cancel, services => services.AddSingleton(Scenario.WithEdgeadm).AddSingleton(Pace.Instant));
        await Eventually.PassesAsync(() => Assert.True(portal.Storage.IsComplete), Cancel);
        var node = portal.Simulated.Nodes.First(node => node.State.Current.Storage.VolumeGroups.Count > 0).Name;
        var keys = (SeriesKey[])[new(Measured.VolumeGroup(node, "myvg1"), Metric.SizeBytes), new(Measured.VolumeGroup(node, "myvg1"), Metric.WriteOperations), new(Measured.ANode(node), Metric.WriteLatency), new(Measured.Cluster, Metric.WriteThroughput)];

        await using (await PrometheusProcess.ScrapeAsync(portal, port, Cancel))
        {
            await Eventually.PassesAsync(async () => Assert.All(await AskAsync(), series => Assert.Equal(MetricOrigin.Prometheus, series.Origin)), Cancel);
            Assert.Equal(portal.Simulated.Node(node).State.Current.Storage.VolumeGroups["myvg1"].SizeBytes, (await AskAsync())[0].Points[^1].Average);
        }

        await Eventually.PassesAsync(async () => Assert.All((await AskAsync()).Take(2), series => Assert.Equal(MetricOrigin.Agent, series.Origin)), Cancel);

        async Task<IReadOnlyList<MetricSeries>> AskAsync()
        {
            var now = TimeProvider.System.GetUtcNow();
            // What a whole is made of says where it comes from.
            var sources = portal.Services.GetRequiredService<MetricSources>();
            return await sources.QueryAsync(new([.. keys], now.AddDays(-7), now.AddMinutes(1), TimeSpan.FromMinutes(2)), Cancel);
        }
    }

    [Theory]
    [InlineData("read_latency", "1000 * rate(topolvm_portal_volume_io_read_seconds_total{node=\"edge-1\",volume_group=\"myvg1\",logical_volume=\"a\"}[600s]) / rate(topolvm_portal_volume_io_reads_total{node=\"edge-1\",volume_group=\"myvg1\",logical_volume=\"a\"}[600s])")]
    [InlineData("busy", "100 * rate(topolvm_portal_volume_io_busy_seconds_total{node=\"edge-1\",volume_group=\"myvg1\",logical_volume=\"a\"}[600s])")]
    [InlineData("used", "avg_over_time(topolvm_portal_volume_used_bytes{node=\"edge-1\",volume_group=\"myvg1\",logical_volume=\"a\"}[600s])")]
    public void A_series_is_asked_for_under_the_name_that_the_portal_exposes(string metric, string query) =>
        Assert.Equal(query, PromQl.Of(new(Volume, Metric.Find(metric)!), TimeSpan.FromMinutes(10)));

    [Theory]
    [InlineData("write_throughput", "sum(rate(topolvm_portal_node_io_written_bytes_total[600s]))")]
    [InlineData("read_latency", "1000 * sum(rate(topolvm_portal_node_io_read_seconds_total[600s])) / sum(rate(topolvm_portal_node_io_reads_total[600s]))")]
    [InlineData("busy", null)]
    public void The_cluster_is_the_sum_of_its_nodes(string metric, string? query) => Assert.Equal(query, PromQl.Of(new(Measured.Cluster, Metric.Find(metric)!), TimeSpan.FromMinutes(10)));

    [Fact]
    public void Names_are_quoted() =>
        Assert.Contains("device=\"a\\\\b\\\"c\"", PromQl.Of(new(Measured.Disk("edge-1", "a\\b\"c"), Metric.Busy), TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
}
