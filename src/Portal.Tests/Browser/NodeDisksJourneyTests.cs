using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Simulator;
using Portal.Tests.Core.Disks;
using Portal.Tests.Core.NodeCommands;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class NodeDisksJourneyTests(Chromium chromium)
{
    internal static readonly NodeInventory Node = With(
            Disk("vda") with { Children = ["vda1"], PartitionTable = "gpt", Model = "System disk" }, Part("vda1", "vda") with { MountPoints = ["/"] },
            Disk("vdb", 40), Disk("vdc", 200) with { Transport = "nvme" }, Disk("vdd", 500).Holding("ext4") with { Label = "old", IsRotational = true }, Disk("vde") with { MountPoints = ["/srv"] })
        .WithLoop("loop0", "disk1.img")
        .WithPhysicalVolume("vdb", "myvg1", usedExtents: 2560, volume: "1a2b").WithLogicalVolume("myvg1", "1a2b", "/dev/vdb");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_group_is_made_of_two_disks_once_their_erasure_and_the_name_are_confirmed()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.WithEdgeadm, Cancel);
        var agent = new PlayedAgent(portal.Services.GetRequiredService<AgentRegistry>(), "edge-hangzhou-1", Node)
        {
            Effect = node => node.WithPhysicalVolume("vdc", "fast").WithPhysicalVolume("vdd", "fast"),
        };
        agent.Connect();
        await agent.RefreshAsync(Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/edge-hangzhou-1");
        await Expect(browser.Disk("/dev/vda")).ToContainTextAsync("/dev/vda holds this node's operating system; choose another disk.");
        await Expect(browser.Disk("/dev/vde")).ToContainTextAsync("/dev/vde is mounted on /srv");

        await browser.PressAsync("Create volume group");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name of the volume group").FillAsync("fast");
        await dialog.GetByLabel("/dev/vdc").CheckAsync();
        await dialog.GetByLabel("/dev/vdd").CheckAsync();
        await Expect(dialog).ToContainTextAsync("/dev/vdd holds a file system (ext4 \"old\") that is not mounted");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true })).ToHaveAttributeAsync("aria-disabled", "true");
        await dialog.GetByLabel("Erase what is on /dev/vdd: ext4").CheckAsync();
        await Expect(dialog).ToContainTextAsync("wipefs --all --types ext4 /dev/vdd");
        await Expect(dialog).ToContainTextAsync("vgcreate fast /dev/vdc /dev/vdd");
        await dialog.GetByLabel("Type fast to confirm").FillAsync("fast");
        await browser.PressAsync("Create");

        await browser.ExpectAllStepsAsync("done", atLeast: 3, 60_000);
        await Expect(browser.Group("fast")).ToContainTextAsync("/dev/vdd");
        Assert.Equal(1, agent.Executed);
        browser.ExpectNoComplaints();
    }
}
