using Portal.Core.Disks;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Core.Disks;

public sealed class DiskOffersTests
{
    [Fact]
    public void Whole_disks_that_nothing_uses_are_offered()
    {
        var node = With(
            Disk("sdd"), Disk("sdc"), Disk("sdb").Holding("ext4"), Disk("sda") with { Children = ["sda1"], PartitionTable = "gpt" }, Part("sda1", "sda"), Disk("sde"))
            .WithPhysicalVolume("sde", "data").WithLoop("loop0", "disk1.img");

        var offers = DiskOffers.Of(node);

        Assert.Equal(["/dev/sdc", "/dev/sdd"], offers.Free.Select(disk => disk.Path));
        Assert.Equal(["data"], offers.Groups);
        Assert.Empty(offers.Grown);
    }

    [Fact]
    public void A_group_that_misses_a_disk_is_offered_nothing()
    {
        var offers = DiskOffers.Of(With(Disk("sda"), Disk("sdb"), Disk("sdc")).WithPhysicalVolume("sda", "data").WithPhysicalVolume("sdb", "data").Without("sdb"));

        Assert.Equal(["/dev/sdc"], offers.Free.Select(disk => disk.Path));
        Assert.Empty(offers.Groups);
    }

    [Fact]
    public void The_room_by_which_a_physical_volumes_disk_has_grown_is_offered()
    {
        var node = With(Disk("sda")).WithPhysicalVolume("sda", "data");
        var grown = node with { PhysicalVolumes = [node.PhysicalVolumes[0] with { DeviceBytes = 150 * Gibibyte }] };

        Assert.True(DiskOffers.Of(node).IsEmpty);
        var offer = Assert.Single(DiskOffers.Of(grown).Grown);
        Assert.Equal(("/dev/sda", 50 * Gibibyte), (offer.Volume.Device, offer.Bytes));
    }

    [Fact]
    public void A_node_without_lvm_is_offered_nothing() => Assert.True(DiskOffers.Of(With(Disk("sda")) with { LvmVersion = null }).IsEmpty);
}
