using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Simulator.Life.Nodes;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The page, the hub, the real agent and a simulated node's disks, end to end.</summary>
[Collection(JourneyTests.Name)]
public sealed class SimulatedDisksJourneyTests(Chromium chromium)
{
    private const string Node = "edge-1";
    private const long Gibibyte = 1L << 30;

    private static readonly Scenario Site = new("two disks", [new(Node) { Disks = [new("/dev/sda", 64 * Gibibyte), new("/dev/sdb", 100 * Gibibyte)] }]);

    private static readonly Scenario Extensible = Site with { Nodes = [Site.Nodes[0] with { VolumeGroups = [new("data", ["/dev/sdb"])] }] };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_group_that_is_made_on_the_page_lies_on_the_nodes_disk()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Site, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/" + Node);
        await Expect(browser.Disk("/dev/sda")).ToContainTextAsync("/dev/sda holds this node's operating system; choose another disk.");

        var dialog = await browser.OpenDialogAsync("Create volume group");
        await Expect(dialog.GetByLabel("/dev/sda")).ToHaveCountAsync(0);
        await dialog.GetByLabel("Name of the volume group").FillAsync("data");
        await dialog.GetByLabel("/dev/sdb").CheckAsync();
        await dialog.GetByLabel("Type data to confirm").FillAsync("data");
        await browser.PressAsync("Create");

        await browser.ExpectAllStepsAsync("done", atLeast: 4, 60_000);
        await Expect(browser.Group("data")).ToContainTextAsync("/dev/sdb");
        await Expect(browser.Disk("/dev/sdb")).ToContainTextAsync("in data");
        Assert.Equal(["/dev/sdb"], Storage(portal).VolumeGroups["data"].Devices);

        // What LVM knows of the group has come up with the report, and can be had back.
        var backups = browser.Page.GetByRole(AriaRole.Region, new() { Name = "Descriptions of volume groups" });
        await Expect(backups).ToContainTextAsync("sudo vgcfgrestore --file edge-1-data-");
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => backups.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Matches("^edge-1-data-[0-9]{8}-[0-9]{6}\\.vgcfg$", download.SuggestedFilename);
        Assert.Contains("devices = \"/dev/sdb\"", await File.ReadAllTextAsync(await download.PathAsync(), Cancel), StringComparison.Ordinal);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task What_was_typed_does_not_confirm_a_node_that_has_changed_and_a_disk_taken_meanwhile_is_refused()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Site, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/" + Node);
        var dialog = await browser.OpenDialogAsync("Create volume group");
        await dialog.GetByLabel("Name of the volume group").FillAsync("data");
        await dialog.GetByLabel("/dev/sdb").CheckAsync();
        await dialog.GetByLabel("Type data to confirm").FillAsync("data");

        portal.Simulated.Node(Node).Change(state => state with { Storage = state.Storage with { Disks = [state.Storage.Disks[0], new("/dev/sdb", 200 * Gibibyte)] } });
        await Expect(dialog.GetByLabel("Type data to confirm")).ToHaveValueAsync("");

        portal.Simulated.Node(Node).Change(state => state with { Storage = state.Storage.WithVolumeGroup("other", "/dev/sdb") });

        await Expect(dialog).ToContainTextAsync("/dev/sdb belongs to volume group other");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true })).ToHaveAttributeAsync("aria-disabled", "true");
        Assert.DoesNotContain("data", Storage(portal).VolumeGroups.Keys);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_disk_that_is_plugged_in_while_the_page_is_open_is_offered_at_once_and_extends_the_group()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Extensible, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/" + Node);
        await Expect(browser.Group("data")).ToBeVisibleAsync();
        var offers = browser.Page.GetByRole(AriaRole.Group, new() { Name = "Room that nobody uses yet" });
        await Expect(offers).ToHaveCountAsync(0);

        portal.Simulated.Node(Node).Change(state => state with { Storage = state.Storage with { Disks = state.Storage.Disks.Add(new("/dev/sdc", 200 * Gibibyte)) } });

        await Expect(offers).ToContainTextAsync("Free for storage: /dev/sdc (200 GiB)");
        await browser.GoToAsync("nodes");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "edge-1: /dev/sdc (200 GiB)" }).ClickAsync();
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Checkbox, new() { Name = "/dev/sdc" })).ToBeCheckedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await browser.PressAsync("Extend data with it");
        await Expect(dialog.GetByRole(AriaRole.Checkbox, new() { Name = "/dev/sdc" })).ToBeCheckedAsync();
        await dialog.GetByLabel("Type data to confirm").FillAsync("data");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Extend", Exact = true }).ClickAsync();

        await browser.ExpectAllStepsAsync("done", atLeast: 4, 60_000);
        await Expect(offers).ToHaveCountAsync(0);
        Assert.Equal(["/dev/sdb", "/dev/sdc"], Storage(portal).VolumeGroups["data"].Devices);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_disk_that_has_grown_offers_its_new_size()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Extensible, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/" + Node);
        await Expect(browser.Group("data")).ToBeVisibleAsync();

        portal.Simulated.Node(Node).Change(state => state with { Storage = state.Storage with { Disks = [state.Storage.Disks[0], new("/dev/sdb", 150 * Gibibyte)] } });

        await Expect(browser.Page.GetByText("/dev/sdb of data has grown by 50 GiB.")).ToBeVisibleAsync();
        // One way to it, not two.
        await Expect(browser.Group("data").GetByRole(AriaRole.Button, new() { Name = "more" })).ToHaveCountAsync(0);
        await browser.PressAsync("Use the new size");
        await browser.Page.GetByRole(AriaRole.Dialog).GetByLabel("Type /dev/sdb to confirm").FillAsync("/dev/sdb");
        await browser.PressAsync("Do it");

        await browser.ExpectAllStepsAsync("done", atLeast: 4, 60_000);
        Assert.Equal((150 * Gibibyte) - SimulatedVolumeGroup.ExtentBytes, Storage(portal).VolumeGroups["data"].SizeBytes);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_loop_device_is_added_grown_and_removed_on_the_page()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Site, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/" + Node);
        var dialog = await browser.OpenDialogAsync("Add loop device");
        await dialog.GetByLabel("File name").FillAsync("disk1.img");
        await dialog.GetByLabel("Size", new() { Exact = true }).FillAsync("10 GiB");
        await Expect(dialog).ToContainTextAsync("fallocate --length 10737418240 /var/lib/topolvm-portal/loop-devices/disk1.img");
        await dialog.GetByLabel("Type disk1.img to confirm").FillAsync("disk1.img");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add loop device" }).ClickAsync();
        await browser.ExpectAllStepsAsync("done", atLeast: 3, 60_000);
        await Expect(browser.Disk("/dev/loop0")).ToContainTextAsync("10 GiB");

        await browser.PressAsync("Grow loop device");
        await Expect(dialog).ToContainTextAsync("It has 10 GiB now.");
        await dialog.GetByLabel("New size").FillAsync("5 GiB");
        await Expect(dialog).ToContainTextAsync("has 10 GiB and can only grow");
        await dialog.GetByLabel("New size").FillAsync("20 GiB");
        await dialog.GetByLabel("Type disk1.img to confirm").FillAsync("disk1.img");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Grow loop device" }).ClickAsync();
        await Expect(browser.Disk("/dev/loop0")).ToContainTextAsync("20 GiB", new() { Timeout = 60_000 });
        Assert.Equal(20 * Gibibyte, Assert.Single(Storage(portal).Loops).SizeBytes);

        await browser.PressAsync("Remove loop device");
        await dialog.GetByLabel("Type disk1.img to confirm").FillAsync("disk1.img");
        await browser.PressAsync("Do it");
        await Expect(browser.Disk("/dev/loop0")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        Assert.Empty(Storage(portal).Loops);
        browser.ExpectNoComplaints();
    }

    private static NodeStorage Storage(TestPortal portal) => portal.Simulated.Node(Node).State.Current.Storage;
}
