using Portal.Agent.Loops;
using Portal.Agent.Node;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Tests.Agent.Loops;

[Collection(RealLvm.Name)]
public sealed class LoopKeeperTests : IAsyncLifetime
{
    private readonly RealDisks _disks = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_disks.Options.LoopDirectory, "disk1.img");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _disks.DisposeAsync();

    [Fact]
    public async Task A_file_takes_all_its_space_and_gets_a_device_with_direct_io()
    {
        var loop = await MakeAsync(64 << 20);

        Assert.Equal((FilePath, 64L << 20, true, true), (loop.FilePath, loop.SizeBytes, loop.IsManaged, loop.IsDirectIo));
        Assert.Equal("131072", (await RealDisks.RunAsync(_cancel, "stat", "--format", "%b", FilePath)).Trim());
        Assert.Equal("600", (await RealDisks.RunAsync(_cancel, "stat", "--format", "%a", FilePath)).Trim());
    }

    [Fact]
    public async Task A_device_that_was_lost_comes_back_at_the_next_start_with_what_lies_on_it()
    {
        var (loop, group) = (await MakeAsync(64 << 20), _disks.NewGroup());
        await RealDisks.RunAsync(_cancel, "vgcreate", "-q", group, loop.Path!);
        await RealDisks.DetachAsync(loop.Path!, _cancel);
        Assert.Equal((null, true, false), await FindAsync() switch { var lost => (lost.Path, lost.IsManaged, lost.IsFileMissing) });

        using var started = new LinuxNode(_disks.Options, TimeProvider.System);
        Assert.Empty(await started.BringUpAsync(_cancel));

        Assert.NotNull((await FindAsync()).Path);
        Assert.Equal("1", await RealDisks.AskLvmAsync("vgs", "pv_count", group, _cancel));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_missed_and_said()
    {
        var loop = await MakeAsync(1 << 20);
        await RealDisks.DetachAsync(loop.Path!, _cancel);
        File.Delete(FilePath);

        Assert.True((await FindAsync()).IsFileMissing);
        using var started = new LinuxNode(_disks.Options, TimeProvider.System);
        Assert.Contains(FilePath, Assert.Single(await started.BringUpAsync(_cancel)));
    }

    [Fact]
    public async Task A_file_under_a_device_is_not_deleted()
    {
        var loop = await MakeAsync(1 << 20);

        var refused = await Assert.ThrowsAsync<NodeActionException>(() => Node().ActAsync(new DeleteLoopFile(FilePath), _ => { }, _cancel));
        Assert.Contains(loop.Path!, refused.Message);

        await RealDisks.DetachAsync(loop.Path!, _cancel);
        await Node().ActAsync(new DeleteLoopFile(FilePath), _ => { }, _cancel);
        Assert.False(File.Exists(FilePath));
        Assert.DoesNotContain((await Node().ReadInventoryAsync(forPlanning: false, _cancel)).LoopDevices, each => each.FilePath == FilePath);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("{loop}/../secret")]
    [InlineData("{loop}/sub/disk.img")]
    [InlineData("{loop}/.hidden")]
    [InlineData("{loop}/a b")]
    [InlineData("{loop}/")]
    [InlineData("{loop}2/disk.img")]
    [InlineData("disk.img")]
    public async Task A_file_elsewhere_is_never_touched(string path)
    {
        var file = path.Replace("{loop}", _disks.Options.LoopDirectory);

        await Assert.ThrowsAsync<NodeActionException>(() => Node().ActAsync(new MakeLoopFile(file, 1 << 20), _ => { }, _cancel));
        await Assert.ThrowsAsync<NodeActionException>(() => Node().ActAsync(new DeleteLoopFile(file), _ => { }, _cancel));
        await Assert.ThrowsAsync<NodeActionException>(() => Node().UndoAsync(new MakeLoopFile(file, 1 << 20), _ => { }, _cancel));
    }

    [Fact]
    public async Task A_link_is_not_followed()
    {
        Directory.CreateDirectory(_disks.Options.LoopDirectory);
        await File.WriteAllTextAsync(_disks.FileOf("precious"), "keep", _cancel);
        File.CreateSymbolicLink(FilePath, _disks.FileOf("precious"));

        await Assert.ThrowsAsync<NodeActionException>(() => Node().ActAsync(new DeleteLoopFile(FilePath), _ => { }, _cancel));

        Assert.True(File.Exists(_disks.FileOf("precious")));
    }

    [Fact]
    public async Task A_file_that_does_not_fit_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<NodeActionException>(() => Node().ActAsync(new MakeLoopFile(FilePath, 1L << 50), _ => { }, _cancel));

        Assert.Empty(Directory.GetFiles(_disks.Options.LoopDirectory));
        Assert.Empty(await new LoopFiles(_disks.Options).ReadAsync(_cancel));
    }

    [Fact]
    public async Task Attaching_twice_leaves_one_device()
    {
        var loop = await MakeAsync(1 << 20);
        var said = new List<string>();

        Assert.Equal(0, await Node().RunAsync(["losetup", "--find", "--show", "--direct-io=on", FilePath], said.Add, _cancel));

        Assert.Equal([loop.Path!], said);
    }

    private async Task<LoopDevice> MakeAsync(long bytes)
    {
        await Node().ActAsync(new MakeLoopFile(FilePath, bytes), _ => { }, _cancel);
        Assert.Equal(0, await Node().RunAsync(["losetup", "--find", "--show", "--direct-io=on", FilePath], _ => { }, _cancel));
        return await FindAsync();
    }

    private async Task<LoopDevice> FindAsync() =>
        Assert.Single((await Node().ReadInventoryAsync(forPlanning: false, _cancel)).LoopDevices, loop => loop.FilePath == FilePath);

    private LinuxNode Node() => new(_disks.Options, TimeProvider.System);
}
