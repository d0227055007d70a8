using Portal.Core.NodeCommands;

namespace Portal.Tests.Agent.Recorded;

/// <summary>A node whose disk was being emptied when its agent was stopped.</summary>
public sealed class MovingTests
{
    [Fact]
    public async Task A_move_that_was_cut_off_goes_on_in_the_room_that_it_has_taken()
    {
        var layout = await RecordedLayout.OfAsync("moving", TestContext.Current.CancellationToken);

        var plan = NodePlanner.Plan(new RemovePhysicalVolume("myvg1", "/dev/vda"), layout.Last.Inventory, NodeLimits.Default);

        Assert.Empty(plan.Refusals);
        Assert.Equal(["pvmove", "vgreduce", "pvremove"], plan.Steps.Select(step => step.Words[0]));
    }

    // udev's rules of lvm add a link to whatever is a physical volume (69-lvm.rules).
    [Fact]
    public async Task A_disk_has_the_same_path_in_plans_before_and_after_it_is_a_physical_volume()
    {
        var layout = await RecordedLayout.OfAsync("moving", TestContext.Current.CancellationToken);
        var recorded = layout.Last.Inventory;
        var inventory = recorded with
        {
            Devices = [.. recorded.Devices.Select(device => device with { StablePaths = ["/dev/disk/by-id/lvm-pv-uuid-" + device.Name, .. device.StablePaths] })],
        };

        var plan = NodePlanner.Plan(new RemovePhysicalVolume("myvg1", "/dev/vda"), inventory, NodeLimits.Default);

        Assert.All(plan.Steps, step => Assert.Equal("/dev/disk/by-id/virtio-disk-1", step.Words[^1]));
    }
}
