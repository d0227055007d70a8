using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.Prometheus;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Metrics;

/// <summary>From a node's counters to the answers that charts get, through the real agent, hub, inbox and database.</summary>
public sealed class MeasuredPortalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_node_does_is_answered_while_it_is_watched_and_from_the_history()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.WithEdgeadm, Cancel);
        var (live, sources, agents) = (portal.Services.GetRequiredService<LiveMetrics>(), portal.Services.GetRequiredService<IMetricSource>(), portal.Services.GetRequiredService<AgentRegistry>());
        var node = portal.Simulated.Nodes.First(node => node.State.Current.Storage.VolumeGroups.Count > 0).Name;
        using var watch = live.Watch(node);
        using var pace = agents.Watch(node);
        var group = Measured.VolumeGroup(node, "myvg1");

        await Eventually.PassesAsync(async () =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var answers = await sources.QueryAsync(
                new([new(group, Metric.Busy), new(Measured.ANode(node), Metric.WriteOperations), new(group, Metric.SizeBytes)], now.AddMinutes(-15), now.AddMinutes(1), TimeSpan.FromSeconds(1)), Cancel);
            Assert.True(answers[0].Points.Count(point => !point.IsGap) > 2);
            Assert.Contains(answers[1].Points, point => point.Average > 0);
            Assert.Equal((MetricOrigin.Agent, MetricOrigin.Agent), (answers[1].Origin!.Value, answers[2].Origin!.Value));
            Assert.NotEmpty((await sources.QueryAsync(new([new(Measured.Cluster, Metric.WriteThroughput)], now.AddMinutes(-15), now.AddMinutes(1), TimeSpan.FromSeconds(10)), Cancel))[0].Points);
        }, Cancel);
    }

    [Fact]
    public async Task Prometheus_gets_what_agents_and_cluster_tell_at_the_portals_address()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.WithEdgeadm, Cancel);
        using var http = new HttpClient { BaseAddress = portal.Url };
        var node = portal.Simulated.Nodes.First(node => node.State.Current.Storage.VolumeGroups.Count > 0);
        node.Change(state => state with { Storage = state.Storage.WithVolume("myvg1", "not-of-topolvm", 1 << 30) });

        await Eventually.PassesAsync(async () =>
        {
            var samples = PrometheusText.Read(await http.GetStringAsync("metrics", Cancel)).ToLookup(sample => sample.Name);
            Assert.Contains(samples["topolvm_portal_volume_io_written_bytes_total"], sample => sample.Label("node") == node.Name && sample.Label("volume_group") == "myvg1" && sample.Label("logical_volume") == "not-of-topolvm");
            Assert.Contains(samples["topolvm_portal_disk_io_busy_seconds_total"], sample => sample.Label("node") == node.Name);
            Assert.Contains(samples["topolvm_portal_volume_group_free_bytes"], sample => sample.Label("node") == node.Name && sample.Value > 0);
            Assert.Contains(samples["topolvm_portal_agent_connected"], sample => sample.Label("node") == node.Name && sample.Value == 1);
            Assert.NotEmpty(samples["portal_watch_live"]);
        }, Cancel);
    }
}
