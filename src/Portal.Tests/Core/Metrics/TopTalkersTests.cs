using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;

namespace Portal.Tests.Core.Metrics;

public sealed class TopTalkersTests
{
    private const long Now = Readings.Start;

    [Fact]
    public void The_few_at_the_top_come_with_the_greatest_first()
    {
        var rates = new LiveRates(Enumerable.Range(0, 100).Select(node => Node("edge-" + node, Now, ("myvg1/a", (node * 7) % 100), ("myvg1/b", 0.5))).ToDictionary(node => node.Node));

        var talkers = TopTalkers.Of(rates, AgentsSnapshot.Empty, MeasuredKind.LogicalVolume, Now - 1000, 3, io => io.Throughput);

        Assert.Equal([99.0, 98, 97], talkers.Select(talker => talker.Io.Throughput));
        Assert.All(talkers, talker => Assert.Equal("myvg1/a", talker.Of.Name));
    }

    [Fact]
    public void A_node_is_as_busy_as_its_disks_together()
    {
        var io = new IoRates(10, 0, 1, 0, 1, double.NaN, 0, 0);
        var rates = new LiveRates(new Dictionary<string, NodeRates>
        {
            ["edge-1"] = new("edge-1", Now) { Io = [new(Measured.Disk("edge-1", "vda"), io), new(Measured.Disk("edge-1", "vdb"), io), new(Measured.LogicalVolume("edge-1", "myvg1", "a"), io)] },
        });
        var inventory = NodeInventory.Empty with { Devices = [new("vda", "/dev/vda", "disk", 100), new("vdb", "/dev/vdb", "disk", 100)] };
        var agents = AgentsSnapshot.Empty with { Nodes = AgentsSnapshot.Empty.Nodes.Add("edge-1", new("edge-1", "1", DateTimeOffset.UnixEpoch) { Inventory = inventory }) };

        Assert.Equal(20, Assert.Single(TopTalkers.Of(rates, agents, MeasuredKind.Node, Now - 1000, 3, one => one.Throughput)).Io.Throughput);
    }

    [Fact]
    public void What_was_measured_long_ago_is_not_what_is_busy_now()
    {
        var rates = new LiveRates(new Dictionary<string, NodeRates> { ["edge-1"] = Node("edge-1", Now - 5000, ("myvg1/a", 10)) });

        Assert.Empty(TopTalkers.Of(rates, AgentsSnapshot.Empty, MeasuredKind.LogicalVolume, Now - 1000, 3, io => io.Throughput));
    }

    [Fact]
    public void What_has_no_latency_comes_last_by_latency()
    {
        var rates = new LiveRates(new Dictionary<string, NodeRates> { ["edge-1"] = Node("edge-1", Now, ("myvg1/idle", 0), ("myvg1/slow", 10)) });

        Assert.Equal(["myvg1/slow", "myvg1/idle"], TopTalkers.Of(rates, AgentsSnapshot.Empty, MeasuredKind.LogicalVolume, Now - 1000, 3, io => io.ReadLatency).Select(talker => talker.Of.Name));
    }

    [Fact]
    public void A_logical_volume_is_its_claims_by_the_name_that_TopoLVM_gave_it()
    {
        var volume = new Volume(null, null, new LogicalVolume { Spec = new() { NodeName = "edge-1", DeviceClass = "ssd" }, Status = new() { VolumeID = "4f3c" } }, null);
        var volumes = MeasuredVolumes.Of(StorageState.Empty with { Volumes = [volume] });

        Assert.Same(volume, volumes.Find(Measured.LogicalVolume("edge-1", "myvg1", "4f3c")));
        Assert.Null(volumes.Find(Measured.LogicalVolume("edge-2", "myvg1", "4f3c")));
        Assert.Null(volumes.Find(Measured.VolumeGroup("edge-1", "4f3c")));
        Assert.Null(MeasuredVolumes.Of(volume));
    }

    private static NodeRates Node(string name, long at, params (string Volume, double Bytes)[] volumes) => new(name, at)
    {
        Io = [.. volumes.Select(one => KeyValuePair.Create(new Measured(name, MeasuredKind.LogicalVolume, one.Volume), new IoRates(one.Bytes, 0, 1, 0, one.Bytes > 0 ? 2 : double.NaN, double.NaN, 0, 0)))],
    };
}
