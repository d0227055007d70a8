using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;

namespace Portal.Tests.Core.Metrics;

public sealed class CapacityReadingTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(Readings.Start);
    private static readonly Measured Group = Measured.VolumeGroup(Readings.Node, "myvg1");

    [Fact]
    public void An_agent_tells_the_room_of_every_volume_group()
    {
        var agent = new NodeAgent(Readings.Node, "1", Now) { Inventory = new NodeInventory(Now) { VolumeGroups = [new("myvg1", "u", 1000, 300, 4, 1, 1, 0)] } };

        var reading = Assert.Single(CapacityReading.Of(Node(), agent, Now));

        Assert.Equal([new(new(Group, Metric.SizeBytes), 1000), new(new(Group, Metric.FreeBytes), 300)], reading.Gauges);
        Assert.Equal(MetricOrigin.Agent, reading.Origin);
    }

    [Fact]
    public void Without_an_agent_the_clusters_numbers_stand_for_the_group_with_what_is_held_back()
    {
        var node = Node(new Capacity("ssd", 200) { IsCurrent = true, SizeBytes = 1000, SpareBytes = 100, SubtractsSpare = true, VolumeGroup = "myvg1" });

        var reading = Assert.Single(CapacityReading.Of(node, null, Now));

        Assert.Equal(300, Assert.Single(reading.Gauges, gauge => gauge.Key == new SeriesKey(Group, Metric.FreeBytes)).Value);
        Assert.Equal(200, Assert.Single(reading.Gauges, gauge => gauge.Key == new SeriesKey(Measured.DeviceClass(Readings.Node, "ssd"), Metric.AvailableBytes)).Value);
        Assert.Equal(MetricOrigin.Cluster, reading.Origin);
    }

    [Fact]
    public void What_an_agent_that_is_away_told_last_is_not_measured_again()
    {
        var agent = new NodeAgent(Readings.Node, "1", Now) { OfflineSince = Now, Inventory = new NodeInventory(Now) { VolumeGroups = [new("myvg1", "u", 1000, 300, 4, 1, 1, 0)] } };

        Assert.Empty(CapacityReading.Of(Node(), agent, Now));
    }

    [Fact]
    public void Numbers_that_nobody_keeps_current_are_left_out() =>
        Assert.Empty(CapacityReading.Of(Node(new Capacity("ssd", 200) { IsCurrent = false, SizeBytes = 1000, VolumeGroup = "myvg1" }), null, Now));

    [Fact]
    public void A_node_does_what_its_disks_do_and_nothing_twice()
    {
        var inventory = new NodeInventory(Now)
        {
            Devices =
            [
                new("vda", "/dev/vda", "disk", 1) { Children = ["vda1"] }, new("vda1", "/dev/vda1", "part", 1) { Parents = ["vda"] }, new("vdb", "/dev/vdb", "disk", 1),
                new("loop0", "/dev/loop0", "loop", 1), new("dm-0", "/dev/mapper/myvg1-a", "lvm", 1) { Parents = ["vdb"] }, new("sr0", "/dev/sr0", "rom", 1),
            ],
        };
        var rates = new NodeRates(Readings.Node, Readings.Start)
        {
            Io =
            [
                new(Measured.Disk(Readings.Node, "vda"), Reads(1)), new(Measured.Disk(Readings.Node, "vda1"), Reads(1)), new(Measured.Disk(Readings.Node, "vdb"), Reads(2)),
                new(Measured.Disk(Readings.Node, "loop0"), Reads(4)), new(Measured.LogicalVolume(Readings.Node, "myvg1", "a"), Reads(2)),
            ],
        };

        Assert.Equal(3, TotalRates.Of(rates, inventory)!.Value.Reads);

        static IoRates Reads(double reads) => new(0, 0, reads, 0, double.NaN, double.NaN, 0, 0);
    }

    [Theory]
    [InlineData("/dev/vdb1", "vdb1")]
    [InlineData("/dev/mapper/mpatha", "mpatha")]
    [InlineData("/dev/loop3", "loop3")]
    public void A_volume_group_does_what_its_physical_volumes_do(string path, string name)
    {
        var inventory = new NodeInventory(Now)
        {
            Devices = [new("vdb1", "/dev/vdb1", "part", 1) { Parents = ["vdb"] }, new("dm-9", "/dev/mapper/mpatha", "mpath", 1), new("loop3", "/dev/loop3", "loop", 1), new("vdc", "/dev/vdc", "disk", 1)],
            PhysicalVolumes = [new(path, "u", "myvg1", 1, 1, 1), new("/dev/vdc", "v", "other", 1, 1, 1), new("[unknown]", "w", "myvg1", 1, 1, 0) { IsMissing = true }],
        };

        Assert.Equal([name], MeasuredDisks.Of(inventory, "myvg1"));
    }

    private static StorageNode Node(params Capacity[] capacities) => new(Readings.Node, false, true, null, true, [.. capacities]);
}
