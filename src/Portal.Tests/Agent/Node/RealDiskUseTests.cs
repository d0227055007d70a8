using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Tests.Agent.Node;

/// <summary>The planner on this machine's own disks: what is in use is never planned for, and whatever happens in between is noticed.</summary>
[Collection(RealLvm.Name)]
public sealed class RealDiskUseTests : RealNodeTest
{
    private static readonly NodeLimits Limits = NodeLimits.Default with { MinimumDiskBytes = 16L << 20 };

    [Fact]
    public async Task A_disk_that_is_mounted_partitioned_or_of_another_group_is_refused_with_that_reason()
    {
        var (mounted, table, member) = (await Disks.AttachAsync("mounted", Cancel), await Disks.AttachAsync("table", Cancel), await Disks.AttachAsync("member", Cancel));
        var group = Disks.NewGroup();
        await RealDisks.RunAsync(Cancel, "mkfs.ext4", "-q", mounted);
        await Disks.MountAsync(mounted, Cancel);
        await RealDisks.FeedAsync("label: gpt\nsize=20M\n", Cancel, "sfdisk", "--quiet", "--no-reread", table);
        await RealDisks.RunAsync(Cancel, "vgcreate", "-q", group, member);

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
        var disk = await Disks.AttachAsync("free", Cancel);
        var before = await PlanAsync(disk, isWiped: false);
        Assert.Equal(["pvcreate", "vgcreate"], before.Steps.Select(step => step.Words[0]));

        await RealDisks.RunAsync(Cancel, [.. words, disk]);

        Assert.NotEqual(before.Fingerprint, (await PlanAsync(disk, isWiped: false)).Fingerprint);
        await RealDisks.RunAsync(Cancel, "wipefs", "--all", disk);
        Assert.Equal(before.Fingerprint, (await PlanAsync(disk, isWiped: false)).Fingerprint);
    }

    [Fact]
    public async Task An_idle_file_system_that_is_mounted_after_the_plan_is_not_erased()
    {
        var disk = await Disks.AttachAsync("idle", Cancel);
        await RealDisks.RunAsync(Cancel, "mkfs.ext4", "-q", disk);
        var before = await PlanAsync(disk, isWiped: true);
        Assert.Equal(["wipefs", "pvcreate", "vgcreate"], before.Steps.Select(step => step.Words[0]));

        await Disks.MountAsync(disk, Cancel);

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
        var node = await Node.ReadInventoryAsync(forPlanning: true, Cancel);
        return node with { LoopDevices = [.. node.LoopDevices.Select(loop => loop with { IsManaged = true })] };
    }
}
