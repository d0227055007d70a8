using Portal.Agent.Node;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Tests.Agent.Node;

/// <summary>The planner on this machine's own disks: what is in use is never planned for, and whatever happens in between is noticed.</summary>
[Collection(RealLvm.Name)]
public sealed class RealDiskUseTests : IAsyncLifetime
{
    private static readonly NodeLimits Limits = NodeLimits.Default with { MinimumDiskBytes = 16L << 20 };

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
    public async Task A_disk_that_is_mounted_partitioned_or_of_another_group_is_refused_with_that_reason()
    {
        var (mounted, table, member) = (await _disks.AttachAsync("mounted", _cancel), await _disks.AttachAsync("table", _cancel), await _disks.AttachAsync("member", _cancel));
        var group = _disks.NewGroup();
        await RealDisks.RunAsync(_cancel, "mkfs.ext4", "-q", mounted);
        await _disks.MountAsync(mounted, _cancel);
        await RealDisks.FeedAsync("label: gpt\nsize=20M\n", _cancel, "sfdisk", "--quiet", "--no-reread", table);
        await RealDisks.RunAsync(_cancel, "vgcreate", "-q", group, member);

        Assert.Contains("mounted", await RulesAsync(mounted));
        Assert.Contains("partition-table", await RulesAsync(table));
        Assert.Contains("group", await RulesAsync(member));
        foreach (var disk in new[] { mounted, table, member }) Assert.True((await PlanAsync(disk, isWiped: true)).IsRefused);
    }

    [Fact]
    public async Task No_disk_that_this_machine_uses_is_planned_for()
    {
        var used = (await ReadAsync()).Devices.Where(device => !device.MountPoints.IsEmpty || !device.Children.IsEmpty).ToList();

        Assert.NotEmpty(used);
        foreach (var disk in used) Assert.True((await PlanAsync(disk.Path, isWiped: true)).IsRefused, disk.Path);
    }

    [Theory]
    [InlineData("mkfs.ext4", "-q")]
    [InlineData("mkswap", "-q")]
    [InlineData("pvcreate", "-q")]
    public async Task What_is_made_of_a_free_disk_after_the_plan_makes_it_another_plan(params string[] words)
    {
        var disk = await _disks.AttachAsync("free", _cancel);
        var before = await PlanAsync(disk, isWiped: false);
        Assert.Equal(["pvcreate", "vgcreate"], before.Steps.Select(step => step.Words[0]));

        await RealDisks.RunAsync(_cancel, [.. words, disk]);

        Assert.NotEqual(before.Fingerprint, (await PlanAsync(disk, isWiped: false)).Fingerprint);
        await RealDisks.RunAsync(_cancel, "wipefs", "--all", disk);
        Assert.Equal(before.Fingerprint, (await PlanAsync(disk, isWiped: false)).Fingerprint);
    }

    [Fact]
    public async Task An_idle_file_system_that_is_mounted_after_the_plan_is_not_erased()
    {
        var disk = await _disks.AttachAsync("idle", _cancel);
        await RealDisks.RunAsync(_cancel, "mkfs.ext4", "-q", disk);
        var before = await PlanAsync(disk, isWiped: true);
        Assert.Equal(["wipefs", "pvcreate", "vgcreate"], before.Steps.Select(step => step.Words[0]));

        await _disks.MountAsync(disk, _cancel);

        var after = await PlanAsync(disk, isWiped: true);
        Assert.True(after.IsRefused);
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
    }

    private async Task<NodePlan> PlanAsync(string disk, bool isWiped) =>
        NodePlanner.Plan(new CreateVolumeGroup("fresh", [disk], isWiped ? [disk] : []), await ReadAsync(), Limits);

    private async Task<IEnumerable<string>> RulesAsync(string disk)
    {
        var node = await ReadAsync();
        return DiskUse.Of(node.FindDevice(disk)!, node, Limits, null).Reasons.Select(reason => reason.Rule);
    }

    // As if the agent had made the loop devices: nothing but what lies on them is to decide.
    private async Task<NodeInventory> ReadAsync()
    {
        var node = await _node.ReadInventoryAsync(forPlanning: true, _cancel);
        return node with { LoopDevices = [.. node.LoopDevices.Select(loop => loop with { IsManaged = true })] };
    }
}
