using Microsoft.Extensions.DependencyInjection;
using Portal.Alerts;
using Portal.Core;
using Portal.Core.Kubernetes;
using Portal.Core.Metrics;
using Portal.Core.Prometheus;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Metrics;

/// <summary>How full volumes are where no agent tells: asked of real kubelets' endpoints, kept, and told on.</summary>
public sealed class KubeletWatchTests
{
    private const string Node = "edge-hangzhou-1";

    private static readonly ObjectName Claim = new("mes", "pgdata");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_agents_charts_alerts_and_Prometheus_get_what_kubelets_tell()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        using var http = new HttpClient { BaseAddress = portal.Url };
        var use = await UseAsync(portal);
        var used = new SeriesKey(MeasuredVolumes.Of(VolumeOf(portal))!.Value, Metric.UsedBytes);

        Assert.InRange(portal.Services.GetRequiredService<AlertFactsReader>().Newest(used, TimeProvider.System.GetUtcNow()) ?? 0, 1, use.CapacityBytes);
        Assert.Contains(PrometheusText.Read(await http.GetStringAsync("metrics", Cancel)), sample =>
            sample.Name == "topolvm_portal_volume_used_bytes" && sample.Label("persistentvolumeclaim") == Claim.Name && sample.Label("namespace") == Claim.Namespace && sample.Value > 0);
        await Eventually.PassesAsync(async () =>
        {
            var series = await AskAsync(portal, used);
            Assert.Equal(MetricOrigin.Cluster, series.Origin);
            Assert.InRange(series.Points[^1].Average, 1, use.CapacityBytes);
        }, Cancel);
    }

    [Fact]
    public async Task A_kubelet_is_left_alone_where_an_agent_tells()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.Storage, Cancel);
        var used = new SeriesKey(MeasuredVolumes.Of(VolumeOf(portal))!.Value, Metric.UsedBytes);

        await Eventually.PassesAsync(async () => Assert.Equal((MetricOrigin.Agent, null), await AskAsync(portal, used) is var series ? (series.Origin, series.AlsoFrom) : default), Cancel);

        // Before the agents had connected, kubelets may have been asked.
        var asked = Asked(portal);
        Assert.True(asked <= 1);
    }

    [Fact]
    public async Task Without_the_rights_it_is_said_which_ones_are_missing()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await SimulatedCluster.StartAsync(Scenario.Storage, null, Cancel);
        using var admin = new KubeClient(cluster.Connection);
        cluster.Server.Users.Add("alices-token", "alice");
        await RoleGrant.GiveOnObjectsAsync(admin, "alice", RoleGrant.Reading, Cancel);
        await using var portal = await TestPortal.StartAsync(new() { Kubeconfig = PlainKubeconfig.Write(folder, cluster.Connection.Server, "alices-token") }, Cancel);

        await Eventually.PassesAsync(() =>
        {
            Assert.StartsWith("alice may not get nodes/proxy in the whole cluster.", portal.Services.GetRequiredService<Live<KubeletUses>>().Current.ProblemOf(Node)?.English, StringComparison.Ordinal);
            Assert.StartsWith("alice may not get pods/proxy in namespace ", portal.Storage.FindNode(Node)?.MetricsProblem?.English, StringComparison.Ordinal);
        }, Cancel);
        // Refusals are not asked for again of each node.
        Assert.InRange(cluster.Faults.Log.Count(request => request.Path.EndsWith("/stats/summary", StringComparison.Ordinal)), 1, 8);
    }

    private static int Asked(TestPortal portal) => portal.Simulated.Faults.Log.Count(request => request.Path.EndsWith(Node + "/proxy/stats/summary", StringComparison.Ordinal));

    private static Volume VolumeOf(TestPortal portal) => portal.Storage.ClaimedVolumes.Single(volume => volume.Name == Claim);

    private static async Task<FileSystemUse> UseAsync(TestPortal portal)
    {
        FileSystemUse? use = null;
        await Eventually.PassesAsync(() => Assert.True(portal.Services.GetRequiredService<Live<KubeletUses>>().Current.Nodes.TryGetValue(Node, out var answer) && answer.Volumes.TryGetValue(Claim, out use)), Cancel);
        return use!;
    }

    private static async Task<MetricSeries> AskAsync(TestPortal portal, SeriesKey key)
    {
        var now = TimeProvider.System.GetUtcNow();
        return (await portal.Services.GetRequiredService<IMetricSource>().QueryAsync(new([key], now.AddMinutes(-15), now.AddMinutes(1), TimeSpan.FromSeconds(10)), Cancel))[0];
    }
}
