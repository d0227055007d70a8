using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Node;

/// <summary>On this machine's own kernel and lvm, with loop devices as disks.</summary>
[Collection(RealLvm.Name)]
public sealed class LinuxNodeTests : RealNodeTest
{
    [Fact]
    public async Task An_empty_disk_has_nothing_on_it()
    {
        var disk = await ReadAsync(await Disks.AttachAsync("empty", Cancel));

        Assert.Equal(("loop", 64L << 20, 512), (disk.Kind, disk.SizeBytes, disk.LogicalSectorBytes));
        Assert.Equal((null, null, null), (disk.Signature, disk.PartitionTable, disk.Unreadable));
        Assert.Equal(Disks.FileOf("empty"), disk.BackingFile);
        Assert.True(disk is { MountPoints.IsEmpty: true, Signatures.IsEmpty: true, IsHeldByKernel: false });
    }

    [Fact]
    public async Task A_file_system_is_found_with_its_label_and_where_it_is_mounted()
    {
        var path = await Disks.AttachAsync("ext4", Cancel);
        await RealDisks.RunAsync(Cancel, "mkfs.ext4", "-q", "-L", "photos", path);
        Assert.Equal(("ext4", "photos", false), (await ReadAsync(path)) switch { var disk => (disk.Signature, disk.Label, disk.IsHeldByKernel) });

        var mount = await Disks.MountAsync(path, Cancel);

        var mounted = await ReadAsync(path);
        Assert.Equal([mount], mounted.MountPoints);
        Assert.True(mounted.IsHeldByKernel);
    }

    [Fact]
    public async Task A_partition_table_and_swap_are_found()
    {
        var (table, swap) = (await Disks.AttachAsync("table", Cancel), await Disks.AttachAsync("swap", Cancel));
        await RealDisks.FeedAsync("label: gpt\nsize=20M\n", Cancel, "sfdisk", "--quiet", "--no-reread", table);
        await RealDisks.RunAsync(Cancel, "mkswap", "-q", swap);

        Assert.Equal(("gpt", null), (await ReadAsync(table)) switch { var disk => (disk.PartitionTable, disk.Signature) });
        Assert.Equal((null, "swap"), (await ReadAsync(swap)) switch { var disk => (disk.PartitionTable, disk.Signature) });
    }

    [Fact]
    public async Task A_volume_group_is_told_with_its_disks_and_what_lies_where()
    {
        var (first, second, name) = (await Disks.AttachAsync("one", Cancel), await Disks.AttachAsync("two", Cancel), Disks.NewGroup());
        await RealDisks.RunAsync(Cancel, "vgcreate", "-q", name, first, second);
        await RealDisks.RunAsync(Cancel, "lvcreate", "--config", "global{activation=0}", "-an", "-Zn", "-Wn", "-q", "-L", "80M", "-n", "data", name);

        var node = await Node.ReadInventoryAsync(forPlanning: false, Cancel);

        Assert.Equal((120L << 20, 40L << 20), node.FindVolumeGroup(name) switch { var group => (group!.SizeBytes, group.FreeBytes) });
        Assert.Equal("LVM2_member", node.FindDevice(first)!.Signature);
        Assert.Equal([(first, 15L), (second, 5L)], node.PhysicalVolumes.Where(disk => disk.VolumeGroup == name)
            .OrderByDescending(disk => disk.Segments.Sum(segment => segment.LogicalVolume == "data" ? segment.Extents : 0))
            .Select(disk => (disk.Device, disk.Segments.Where(segment => segment.LogicalVolume == "data").Sum(segment => segment.Extents))));
        Assert.Equal(80L << 20, Assert.Single(node.LogicalVolumes, volume => volume.VolumeGroup == name).SizeBytes);
    }

    [Fact]
    public async Task A_disk_that_goes_is_missed_until_it_comes_back()
    {
        var (first, second, name) = (await Disks.AttachAsync("one", Cancel), await Disks.AttachAsync("two", Cancel), Disks.NewGroup());
        await RealDisks.RunAsync(Cancel, "vgcreate", "-q", name, first, second);

        await RealDisks.DetachAsync(second, Cancel);
        var without = await Node.ReadInventoryAsync(forPlanning: false, Cancel);
        await Disks.AttachAsync("two", Cancel);
        var again = await Node.ReadInventoryAsync(forPlanning: false, Cancel);

        Assert.Equal(1, without.FindVolumeGroup(name)!.MissingPhysicalVolumes);
        Assert.Contains(without.PhysicalVolumes, disk => disk.VolumeGroup == name && disk is { IsMissing: true, Device: "[unknown]" });
        Assert.Equal(0, again.FindVolumeGroup(name)!.MissingPhysicalVolumes);
    }

    [Fact]
    public async Task A_loop_device_whose_file_was_deleted_says_so()
    {
        var path = await Disks.AttachAsync("gone", Cancel);
        File.Delete(Disks.FileOf("gone"));

        var loop = Assert.Single((await Node.ReadInventoryAsync(forPlanning: false, Cancel)).LoopDevices, loop => loop.Path == path);

        Assert.Equal((Disks.FileOf("gone"), true, false), (loop.FilePath, loop.IsFileMissing, loop.IsManaged));
    }

    [Fact]
    public async Task A_signature_that_is_written_later_is_seen_later()
    {
        var path = await Disks.AttachAsync("later", Cancel);
        var before = (await Node.ReadInventoryAsync(forPlanning: false, Cancel)).FindDevice(path)!;

        await RealDisks.RunAsync(Cancel, "mkfs.ext4", "-q", path);

        Assert.Equal((null, "ext4"), (before.Signature, (await Node.ReadInventoryAsync(forPlanning: false, Cancel)).FindDevice(path)!.Signature));
    }

    [Fact]
    public async Task Counters_grow_with_what_is_written()
    {
        var path = await Disks.AttachAsync("busy", Cancel);
        await Node.ReadInventoryAsync(forPlanning: false, Cancel);
        var before = await CountersAsync(path);

        await RealDisks.RunAsync(Cancel, "dd", "if=/dev/zero", "of=" + path, "bs=1M", "count=8", "oflag=direct", "status=none");

        Assert.Equal(8L << 20, (await CountersAsync(path)).WrittenBytes - before.WrittenBytes);
    }

    [Fact]
    public async Task A_disk_that_comes_is_noticed_at_once()
    {
        var changed = Node.ChangedAsync(Cancel);

        await Disks.AttachAsync("new", Cancel);

        await changed.WaitAsync(Eventually.Limit, Cancel);
    }

    [Fact]
    public async Task The_machine_tells_what_it_is()
    {
        var node = await Node.ReadInventoryAsync(forPlanning: false, Cancel);

        Assert.Equal(Guid.Parse(node.BootId).ToString(), node.BootId);
        Assert.StartsWith(Environment.OSVersion.Version.Major + ".", node.KernelVersion);
        Assert.StartsWith("2.", node.LvmVersion);
        Assert.Contains(node.FileSystems, system => system.MountPoint == "/" && system.SizeBytes > system.AvailableBytes);
        Assert.Empty(node.Problems);
    }

    private async Task<BlockDevice> ReadAsync(string path) => (await Node.ReadInventoryAsync(forPlanning: true, Cancel)).FindDevice(path)!;

    private async Task<DeviceCounters> CountersAsync(string path) =>
        Assert.Single((await Node.ReadSampleAsync(Cancel)).Devices, device => "/dev/" + device.Name == path);
}
