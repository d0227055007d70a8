using Portal.Agent.Node;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Node;

/// <summary>On this machine's own kernel and lvm, with loop devices as disks.</summary>
[Collection(RealLvm.Name)]
public sealed class LinuxNodeTests : IAsyncLifetime
{
    private readonly RealDisks _disks = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private LinuxNode _node = null!;

    public ValueTask InitializeAsync()
    {
        _node = new(_disks.Options, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _disks.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_disk_has_nothing_on_it()
    {
        var disk = await ReadAsync(await _disks.AttachAsync("empty", _cancel));

        Assert.Equal(("loop", 64L << 20, 512), (disk.Kind, disk.SizeBytes, disk.LogicalSectorBytes));
        Assert.Equal((null, null, null), (disk.Signature, disk.PartitionTable, disk.Unreadable));
        Assert.Equal(_disks.FileOf("empty"), disk.BackingFile);
        Assert.True(disk is { MountPoints.IsEmpty: true, Signatures.IsEmpty: true, IsHeldByKernel: false });
    }

    [Fact]
    public async Task A_file_system_is_found_with_its_label_and_where_it_is_mounted()
    {
        var path = await _disks.AttachAsync("ext4", _cancel);
        await RealDisks.RunAsync(_cancel, "mkfs.ext4", "-q", "-L", "photos", path);
        Assert.Equal(("ext4", "photos", false), (await ReadAsync(path)) switch { var disk => (disk.Signature, disk.Label, disk.IsHeldByKernel) });

        var mount = await _disks.MountAsync(path, _cancel);

        var mounted = await ReadAsync(path);
        Assert.Equal([mount], mounted.MountPoints);
        Assert.True(mounted.IsHeldByKernel);
    }

    [Fact]
    public async Task A_partition_table_and_swap_are_found()
    {
        var (table, swap) = (await _disks.AttachAsync("table", _cancel), await _disks.AttachAsync("swap", _cancel));
        await RealDisks.FeedAsync("label: gpt\nsize=20M\n", _cancel, "sfdisk", "--quiet", "--no-reread", table);
        await RealDisks.RunAsync(_cancel, "mkswap", "-q", swap);

        Assert.Equal(("gpt", null), (await ReadAsync(table)) switch { var disk => (disk.PartitionTable, disk.Signature) });
        Assert.Equal((null, "swap"), (await ReadAsync(swap)) switch { var disk => (disk.PartitionTable, disk.Signature) });
    }

    [Fact]
    public async Task A_volume_group_is_told_with_its_disks_and_what_lies_where()
    {
        var (first, second, name) = (await _disks.AttachAsync("one", _cancel), await _disks.AttachAsync("two", _cancel), _disks.NewGroup());
        await RealDisks.RunAsync(_cancel, "vgcreate", "-q", name, first, second);
        await RealDisks.RunAsync(_cancel, "lvcreate", "--config", "global{activation=0}", "-an", "-Zn", "-Wn", "-q", "-L", "80M", "-n", "data", name);

        var node = await _node.ReadInventoryAsync(forPlanning: false, _cancel);

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
        var (first, second, name) = (await _disks.AttachAsync("one", _cancel), await _disks.AttachAsync("two", _cancel), _disks.NewGroup());
        await RealDisks.RunAsync(_cancel, "vgcreate", "-q", name, first, second);

        await RealDisks.DetachAsync(second, _cancel);
        var without = await _node.ReadInventoryAsync(forPlanning: false, _cancel);
        await _disks.AttachAsync("two", _cancel);
        var again = await _node.ReadInventoryAsync(forPlanning: false, _cancel);

        Assert.Equal(1, without.FindVolumeGroup(name)!.MissingPhysicalVolumes);
        Assert.Contains(without.PhysicalVolumes, disk => disk.VolumeGroup == name && disk is { IsMissing: true, Device: "[unknown]" });
        Assert.Equal(0, again.FindVolumeGroup(name)!.MissingPhysicalVolumes);
    }

    [Fact]
    public async Task A_loop_device_whose_file_was_deleted_says_so()
    {
        var path = await _disks.AttachAsync("gone", _cancel);
        File.Delete(_disks.FileOf("gone"));

        var loop = Assert.Single((await _node.ReadInventoryAsync(forPlanning: false, _cancel)).LoopDevices, loop => loop.Path == path);

        Assert.Equal((_disks.FileOf("gone"), true, false), (loop.FilePath, loop.IsFileMissing, loop.IsManaged));
    }

    [Fact]
    public async Task A_signature_that_is_written_later_is_seen_later()
    {
        var path = await _disks.AttachAsync("later", _cancel);
        var before = (await _node.ReadInventoryAsync(forPlanning: false, _cancel)).FindDevice(path)!;

        await RealDisks.RunAsync(_cancel, "mkfs.ext4", "-q", path);

        Assert.Equal((null, "ext4"), (before.Signature, (await _node.ReadInventoryAsync(forPlanning: false, _cancel)).FindDevice(path)!.Signature));
    }

    [Fact]
    public async Task Counters_grow_with_what_is_written()
    {
        var path = await _disks.AttachAsync("busy", _cancel);
        await _node.ReadInventoryAsync(forPlanning: false, _cancel);
        var before = await CountersAsync(path);

        await RealDisks.RunAsync(_cancel, "dd", "if=/dev/zero", "of=" + path, "bs=1M", "count=8", "oflag=direct", "status=none");

        Assert.Equal(8L << 20, (await CountersAsync(path)).WrittenBytes - before.WrittenBytes);
    }

    [Fact]
    public async Task A_disk_that_comes_is_noticed_at_once()
    {
        var changed = _node.ChangedAsync(_cancel);

        await _disks.AttachAsync("new", _cancel);

        await changed.WaitAsync(Eventually.Limit, _cancel);
    }

    [Fact]
    public async Task The_machine_tells_what_it_is()
    {
        var node = await _node.ReadInventoryAsync(forPlanning: false, _cancel);

        Assert.Equal(Guid.Parse(node.BootId).ToString(), node.BootId);
        Assert.StartsWith(Environment.OSVersion.Version.Major + ".", node.KernelVersion);
        Assert.StartsWith("2.", node.LvmVersion);
        Assert.Contains(node.FileSystems, system => system.MountPoint == "/" && system.SizeBytes > system.AvailableBytes);
        Assert.Empty(node.Problems);
    }

    private async Task<BlockDevice> ReadAsync(string path) => (await _node.ReadInventoryAsync(forPlanning: true, _cancel)).FindDevice(path)!;

    private async Task<DeviceCounters> CountersAsync(string path) =>
        Assert.Single((await _node.ReadSampleAsync(_cancel)).Devices, device => "/dev/" + device.Name == path);
}
