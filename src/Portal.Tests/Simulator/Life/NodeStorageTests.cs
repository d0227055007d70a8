using CsCheck;
using Portal.Simulator.Life.Nodes;

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
}
