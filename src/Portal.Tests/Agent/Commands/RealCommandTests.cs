using Portal.Core.Agents;
using Portal.Core.NodeCommands;

namespace Portal.Tests.Agent.Commands;

/// <summary>Commands on this machine's own lvm and loop devices, checked behind the agent's back.</summary>
[Collection(RealLvm.Name)]
public sealed class RealCommandTests : IAsyncLifetime
{
    private readonly RealDisks _disks = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private ExecutorSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await new ExecutorSite(_disks, _cancel).StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _disks.DisposeAsync();
    }

    [Fact]
    public async Task A_group_is_made_of_two_disks_extended_and_reduced_again()
    {
        var (one, two, three) = (await DiskAsync("one"), await DiskAsync("two"), await DiskAsync("three"));
        var group = _disks.NewGroup();

        var created = await DoneAsync(new CreateVolumeGroup(group, [one, two], []));
        Assert.Equal("2", await RealDisks.AskLvmAsync("vgs", "pv_count", group, _cancel));
        Assert.Contains(group, Assert.Single(created.Backups, backup => backup.VolumeGroup == group).Text);

        await DoneAsync(new ExtendVolumeGroup(group, [three], []));
        Assert.Equal("188743680", await RealDisks.AskLvmAsync("vgs", "vg_size", group, _cancel));

        await DoneAsync(new RemovePhysicalVolume(group, two));
        Assert.Equal("2", await RealDisks.AskLvmAsync("vgs", "pv_count", group, _cancel));
        Assert.Null((await _site.ReadAsync()).FindDevice(two)!.Signature);

        await DoneAsync(new RemoveVolumeGroup(group));
        Assert.Null((await _site.ReadAsync()).FindVolumeGroup(group));
    }

    [Fact]
    public async Task A_file_system_is_erased_only_when_that_was_chosen()
    {
        var (disk, group) = (await DiskAsync("used"), _disks.NewGroup());
        await RealDisks.RunAsync(_cancel, "mkfs.ext4", "-q", disk);

        Assert.True((await _site.Executor.PlanAsync(new CreateVolumeGroup(group, [disk], []), _cancel)).IsRefused);
        await DoneAsync(new CreateVolumeGroup(group, [disk], [disk]));

        Assert.Equal(disk, await RealDisks.AskLvmAsync("vgs", "pv_name", group, _cancel));
    }

    [Fact]
    public async Task A_loop_device_grows_and_its_group_with_it()
    {
        var (disk, group) = (await DiskAsync("grows"), _disks.NewGroup());
        await DoneAsync(new CreateVolumeGroup(group, [disk], []));

        await DoneAsync(new GrowLoopDevice(FileOf("grows"), 96 << 20));

        Assert.Equal($"{92L << 20}", await RealDisks.AskLvmAsync("vgs", "vg_size", group, _cancel));
        Assert.Equal(96L << 20, new FileInfo(FileOf("grows")).Length);
    }

    [Fact]
    public async Task A_disk_that_grew_by_itself_is_followed()
    {
        var (disk, group) = (await DiskAsync("grew"), _disks.NewGroup());
        await DoneAsync(new CreateVolumeGroup(group, [disk], []));
        await RealDisks.RunAsync(_cancel, "truncate", "--size", "128M", FileOf("grew"));
        await RealDisks.RunAsync(_cancel, "losetup", "--set-capacity", disk);

        await DoneAsync(new ResizePhysicalVolume(disk));

        Assert.Equal($"{124L << 20}", await RealDisks.AskLvmAsync("vgs", "vg_size", group, _cancel));
    }

    [Fact]
    public async Task A_lost_disk_is_forgotten_when_that_is_wanted()
    {
        var (one, two, group) = (await DiskAsync("stays"), await DiskAsync("lost"), _disks.NewGroup());
        await DoneAsync(new CreateVolumeGroup(group, [one, two], []));
        await RealDisks.DetachAsync(two, _cancel);

        await DoneAsync(new ForgetMissingDisks(group));

        Assert.Equal("0", await RealDisks.AskLvmAsync("vgs", "vg_missing_pv_count", group, _cancel));
        Assert.Equal("1", await RealDisks.AskLvmAsync("vgs", "pv_count", group, _cancel));
    }

    [Fact]
    public async Task A_loop_device_that_was_lost_is_attached_again_and_its_group_is_whole()
    {
        var (one, two, group) = (await DiskAsync("stays"), await DiskAsync("back"), _disks.NewGroup());
        await DoneAsync(new CreateVolumeGroup(group, [one, two], []));
        await RealDisks.RunAsync(_cancel, "lvcreate", "--config", "global{activation=0}", "-an", "-Zn", "-Wn", "-q", "-L", "100M", "-n", "data", group);
        await RealDisks.DetachAsync(two, _cancel);
        // It refuses because of the volume, and from then on the group does not take the disk back by itself.
        Assert.Equal(5, await RealDisks.TryAsync(_cancel, "vgreduce", "--removemissing", group));

        await DoneAsync(new AttachLoopDevice(FileOf("back")));
        var device = Assert.Single((await _site.ReadAsync()).LoopDevices, loop => loop.FilePath == FileOf("back")).Path!;
        Assert.Equal("1", await RealDisks.AskLvmAsync("vgs", "vg_missing_pv_count", group, _cancel));
        await DoneAsync(new RestoreMissingDisk(group, device));

        Assert.Equal("0", await RealDisks.AskLvmAsync("vgs", "vg_missing_pv_count", group, _cancel));
    }

    [Fact]
    public async Task An_unused_loop_device_goes_with_its_file()
    {
        var disk = await DiskAsync("goes");

        await DoneAsync(new RemoveLoopDevice(FileOf("goes")));

        Assert.False(File.Exists(FileOf("goes")));
        Assert.DoesNotContain(disk, await RealDisks.RunAsync(_cancel, "losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE"));
    }

    private string FileOf(string name) => Path.Combine(_disks.Options.LoopDirectory, name + ".img");

    // A disk of the agent's own: a loop device that somebody else made is never used.
    private async Task<string> DiskAsync(string name)
    {
        await DoneAsync(new CreateLoopDevice(name + ".img", 64 << 20));
        return Assert.Single((await _site.ReadAsync()).LoopDevices, loop => loop.FilePath == FileOf(name)).Path!;
    }

    private async Task<CommandReport> DoneAsync(NodeCommand command)
    {
        var report = await _site.DoAsync(command);
        Assert.True(report.State == CommandState.Done, $"{report.Problem?.English}\n{string.Join('\n', report.Steps)}");
        return report;
    }
}
