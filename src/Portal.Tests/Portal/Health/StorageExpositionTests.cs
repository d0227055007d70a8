using Portal.Core.Agents;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Metrics;
using Portal.Core.Prometheus;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;
using Portal.Health;
using Portal.Tests.Core.Metrics;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Health;

public sealed class StorageExpositionTests
{
    private static readonly Measured Volume = Measured.LogicalVolume(Readings.Node, "myvg1", "4f3c");

    private readonly ManualTime _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Readings.Start));

    [Fact]
    public async Task A_volume_has_the_names_of_its_claim_and_pod()
    {
        var sample = Assert.Single(await ReadAsync(Readings.Start), sample => sample.Name == "topolvm_portal_volume_io_written_bytes_total");

        Assert.Equal(500 * 4096, sample.Value);
        Assert.Equal(
            [("device_class", "ssd"), ("logical_volume", "4f3c"), ("namespace", "shop"), ("node", Readings.Node), ("persistentvolumeclaim", "data"), ("pod", "db-0"), ("volume_group", "myvg1")],
            sample.Labels.Select(label => (label.Key, label.Value)).OrderBy(label => label.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fill_is_told_as_bytes_and_as_ratios()
    {
        var samples = await ReadAsync(Readings.Start);

        Assert.Equal(400, Assert.Single(samples, sample => sample.Name == "topolvm_portal_volume_used_bytes").Value);
        var pool = Assert.Single(samples, sample => sample.Name == "topolvm_portal_thin_pool_data_ratio");
        Assert.Equal((0.25, "pool0"), (pool.Value, pool.Label("thin_pool")));
    }

    [Fact]
    public async Task What_was_told_long_ago_is_left_out()
    {
        var samples = await ReadAsync(Readings.Start - 61_000);

        Assert.Equal(["topolvm_portal_agent_connected"], samples.Select(sample => sample.Name).Distinct());
        Assert.Equal(0, Assert.Single(samples).Value);
    }

    private async Task<List<Sample>> ReadAsync(long at)
    {
        var volume = new Volume(
            new PersistentVolumeClaim { Metadata = new() { Name = "data", Namespace = "shop" } }, null,
            new LogicalVolume { Spec = new() { NodeName = Readings.Node, DeviceClass = "ssd" }, Status = new() { VolumeID = "4f3c" } }, null)
        {
            Pods = [new Pod { Metadata = new() { Name = "db-0", Namespace = "shop" } }],
        };
        var rates = new NodeRates(Readings.Node, at)
        {
            Counters = [new(Volume, Readings.Counters("dm-0", 100, 500))],
            Gauges = [new(new(Volume, Metric.UsedBytes), 400), new(new(Measured.ThinPool(Readings.Node, "myvg1", "pool0"), Metric.DataPercent), 25)],
        };
        var agent = new NodeAgent(Readings.Node, "1", _time.GetUtcNow()) { OfflineSince = _time.GetUtcNow() };
        var exposition = new StorageExposition(
            new(new LiveRates(new Dictionary<string, NodeRates> { [Readings.Node] = rates })), new(StorageState.Empty with { Volumes = [volume] }),
            new(AgentsSnapshot.Empty with { Nodes = AgentsSnapshot.Empty.Nodes.Add(Readings.Node, agent) }), new(KubeletUses.Empty), _time);
        await using var text = new StringWriter();
        await exposition.WriteAsync(text, TestContext.Current.CancellationToken);
        return [.. PrometheusText.Read(text.ToString())];
    }
}
