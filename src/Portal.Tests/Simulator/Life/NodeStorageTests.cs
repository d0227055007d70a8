using CsCheck;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Tests.Simulator.Life;

public sealed class NodeStorageTests
{
    private const long Gibibyte = 1L << 30;

    private static readonly NodeStorage TwoDisks = new([new SimulatedDisk("/dev/sdb", 10 * Gibibyte), new SimulatedDisk("/dev/sdc", 20 * Gibibyte)]);

    [Fact]
    public void A_volume_group_is_whole_extents_less_what_LVM_keeps_on_each_disk()
    {
        var group = TwoDisks.WithVolumeGroup("myvg1", "/dev/sdb", "/dev/sdc").VolumeGroups["myvg1"];

        Assert.Equal((30 * Gibibyte) - (2 * SimulatedVolumeGroup.ExtentBytes), group.FreeBytes);
    }

    [Fact]
    public void A_disk_belongs_to_one_volume_group() =>
        Assert.Throws<ArgumentException>(() => TwoDisks.WithVolumeGroup("myvg1", "/dev/sdb").WithVolumeGroup("myvg2", "/dev/sdb"));

    [Fact]
    public void Free_and_used_make_the_size_whatever_is_made_grown_and_removed() =>
        Gen.Select(Gen.Int[0, 4], Gen.Long[0, 3 * Gibibyte]).List[0, 30].Sample(steps =>
        {
            var storage = TwoDisks.WithVolumeGroup("myvg1", "/dev/sdb", "/dev/sdc");
            foreach (var (name, bytes) in steps)
                storage = bytes == 0 ? storage.WithoutVolume($"lv{name}") : storage.WithVolume("myvg1", $"lv{name}", bytes);
            var group = storage.VolumeGroups["myvg1"];
            return group.FreeBytes + group.Volumes.Values.Sum(volume => volume.SizeBytes) == group.SizeBytes
                && group.Volumes.Values.All(volume => volume.SizeBytes % SimulatedVolumeGroup.ExtentBytes == 0);
        });

    [Fact]
    public void A_thin_pool_takes_its_size_once_and_its_volumes_promise_more()
    {
        var pool = new SimulatedThinPool("pool0", 8 * Gibibyte);
        var storage = TwoDisks.WithVolumeGroup("myvg1", "/dev/sdb").WithThinPool("myvg1", pool);
        var free = storage.VolumeGroups["myvg1"].FreeBytes;

        var group = storage.WithVolume("myvg1", new SimulatedVolume("thin", 20 * Gibibyte) { Pool = "pool0" }).VolumeGroups["myvg1"];

        Assert.Equal((free, 20 * Gibibyte), (group.FreeBytes, group.VirtualBytes("pool0")));
        Assert.Throws<ArgumentException>(() => storage.WithThinPool("myvg1", pool with { Name = "pool1" }));
    }

    [Theory]
    [InlineData(2.0, 16, 16)]
    [InlineData(2.0, 20, 12)]
    [InlineData(1.5, 12, 12)]
    [InlineData(1.0, 40, 0)]
    public void A_thin_class_has_its_share_of_the_pool_less_what_is_promised_and_never_less_than_nothing(double ratio, int promisedGibibytes, int freeGibibytes)
    {
        var group = TwoDisks.WithVolumeGroup("myvg1", "/dev/sdc").WithThinPool("myvg1", new("pool0", 16 * Gibibyte))
            .WithVolume("myvg1", new SimulatedVolume("thin", promisedGibibytes * Gibibyte) { Pool = "pool0" }).VolumeGroups["myvg1"];
        var thin = new LvmdClass("thin", "myvg1", false, 10 * Gibibyte) { ThinPool = new("pool0", ratio) };

        Assert.Equal(freeGibibytes * Gibibyte, RunningLvmd.FreeOf(thin, group));
    }
}
