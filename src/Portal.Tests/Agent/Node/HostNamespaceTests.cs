using System.Diagnostics;
using Portal.Agent;
using Portal.Agent.Node;
using Portal.Core.NodeCommands;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Node;

/// <summary>As in a container: the agent acts in the mount namespace of another process, which has mounts that the agent itself has not.</summary>
[Collection(RealLvm.Name)]
public sealed class HostNamespaceTests : IAsyncLifetime
{
    private readonly RealDisks _disks = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private Process _host = null!;
    private LinuxNode _node = null!;
    private string _disk = "";

    private string Inside => _disks.FileOf("inside");

    private AgentOptions Options =>
        new() { HostNamespace = true, HostProcess = _host.Id, StateDirectory = Inside, LoopDirectory = Path.Combine(Inside, "loop") };

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Inside);
        _disk = await _disks.AttachAsync("disk", _cancel);
        await RealDisks.RunAsync(_cancel, "mkfs.ext4", "-q", _disk);
        _host = Process.Start(new ProcessStartInfo(
            "unshare", ["--mount", "sh", "-c", "mount \"$0\" \"$1\" && touch \"$1/ready\" && exec sleep 600", _disk, Inside]))!;
        await Eventually.PassesAsync(() => Assert.True(File.Exists($"/proc/{_host.Id}/root{Inside}/ready")), _cancel);
        _node = new(Options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        _host.Kill();
        await _host.WaitForExitAsync(CancellationToken.None);
        _host.Dispose();
        await _disks.DisposeAsync();
    }

    [Fact]
    public async Task Mounts_of_the_host_are_seen_and_not_those_of_the_container()
    {
        var node = await _node.ReadInventoryAsync(forPlanning: true, _cancel);

        Assert.Equal([Inside], node.FindDevice(_disk)!.MountPoints);
        Assert.Contains(node.FileSystems, system => system.MountPoint == Inside);
        Assert.NotNull(node.LvmVersion);
        Assert.Empty(node.Problems);
        Assert.DoesNotContain(Inside, await File.ReadAllTextAsync("/proc/self/mountinfo", _cancel));
    }

    [Fact]
    public async Task A_loop_device_lies_on_a_file_of_the_host()
    {
        var file = Path.Combine(Options.LoopDirectory, "disk1.img");

        await _node.ActAsync(new MakeLoopFile(file, 1 << 20), _ => { }, _cancel);
        Assert.Equal(0, await _node.RunAsync(["losetup", "--find", "--show", "--direct-io=on", file], _ => { }, _cancel));

        Assert.False(File.Exists(file));
        var loop = Assert.Single((await _node.ReadInventoryAsync(forPlanning: false, _cancel)).LoopDevices, loop => loop.FilePath == file);
        await RealDisks.DetachAsync(loop.Path!, _cancel);
        Assert.Equal((1L << 20, true), (loop.SizeBytes, loop.IsManaged));
    }
}
