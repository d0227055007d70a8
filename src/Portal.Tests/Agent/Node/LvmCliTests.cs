using Portal.Agent.Node;
using Portal.Agent.Programs;

namespace Portal.Tests.Agent.Node;

[Collection(RealLvm.Name)]
public sealed class LvmCliTests
{
    [Fact]
    public async Task A_volume_group_on_a_loop_device_is_reported_in_bytes()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var made = await LoopVolumeGroup.CreateAsync(64L << 20, cancel);

        var group = Assert.Single((await new LvmCli(ProgramRunner.Direct).ReadAsync(cancel)).VolumeGroups, found => found.Name == made.Name);

        // One extent of 4 MiB holds lvm's own metadata.
        Assert.Equal((60L << 20, 60L << 20, 4L << 20), (group.SizeBytes, group.FreeBytes, group.ExtentBytes));
        Assert.Equal((1, 0, 0), (group.PhysicalVolumes, group.LogicalVolumes, group.MissingPhysicalVolumes));
    }

    [Fact]
    public async Task A_node_without_lvm_says_which_package_is_missing()
    {
        var failure = await Assert.ThrowsAsync<ProgramException>(
            () => new LvmCli(ProgramRunner.Direct, "/nonexistent/lvm").ReadAsync(TestContext.Current.CancellationToken));

        Assert.Contains("lvm2", failure.Message);
    }

    [Fact]
    public async Task A_failure_carries_what_lvm_said()
    {
        var failure = await Assert.ThrowsAsync<ProgramException>(() => new LvmCli(ProgramRunner.Direct, "/bin/false").ReadAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("/bin/false fullreport failed (1)", failure.Message);
    }
}
