using Microsoft.Playwright;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator;
using Portal.Simulator.Life.Nodes;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>From a bare disk to storage that has proven to work, with the real agent on the simulated nodes.</summary>
[Collection(JourneyTests.Name)]
public sealed class DiskToStorageJourneyTests(Chromium chromium)
{
    private const float Patience = 120_000;
    private const long Gibibyte = 1L << 30;

    private static readonly NodeScenario Master = Scenario.Bare.Nodes[0];

    private static readonly NodeScenario Bare = new("edge-1") { Disks = [new("/dev/sda", 64 * Gibibyte), new("/dev/sdb", 100 * Gibibyte)] };

    private static readonly NodeScenario WithFirstGroup = Bare with
    {
        Disks = [.. Bare.Disks, new("/dev/sdc", 50 * Gibibyte)],
        VolumeGroups = [new("myvg1", ["/dev/sdc"])],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_becomes_a_group_with_the_name_that_the_configuration_waits_for_and_the_node_serves_and_is_verified()
    {
        await using var portal = await InstalledAsync(Bare);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/edge-1");
        await browser.PressAsync("Show the steps");
        await ExpectAsync(browser, "Disk", "to do", "Choose the disks");
        await ExpectAsync(browser, "Volume group", "later", "Choose a disk first.");
        await ExpectAsync(browser, "Device class", "done", "hands out myvg1.");
        await ExpectAsync(browser, "Label", "later", "Make the volume group first: lvmd ends at its start");

        await Step(browser, "Disk").GetByLabel("/dev/sdb").CheckAsync();
        await ExpectAsync(browser, "Disk", "done", "Chosen: /dev/sdb (100 GiB).");
        // What is chosen is in the URL, and the rest in the cluster: nothing is lost with the page.
        await browser.GoToAsync(new Uri(browser.Page.Url).PathAndQuery.TrimStart('/'));
        await ExpectAsync(browser, "Disk", "done", "Chosen: /dev/sdb (100 GiB).");
        await CreateAsync(browser, "myvg1");
        await ExpectAsync(browser, "Volume group", "done", "myvg1 is there");

        await EnableAndVerifyAsync(browser, portal);
        Assert.Equal(["/dev/sdb"], portal.Simulated.Node("edge-1").State.Current.Storage.VolumeGroups["myvg1"].Devices);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_group_of_another_name_gets_its_device_class_and_storage_class_on_the_way()
    {
        await using var portal = await InstalledAsync(WithFirstGroup);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/edge-1?setup=steps&group=fast&disks=%2Fdev%2Fsdb");
        await ExpectAsync(browser, "Device class", "later", "Make the volume group first");

        await CreateAsync(browser, "fast");
        await ExpectAsync(browser, "Device class", "to do", "names volume group fast yet");
        await ExpectAsync(browser, "Label", "later", "Add the device class first");
        await browser.PressAsync("Add device class for fast");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("fast");
        await dialog.GetByLabel("Held back (GiB)").FillAsync("1");
        await dialog.GetByLabel("Held back (GiB)").BlurAsync();
        await Expect(dialog.GetByText("spare-gb: 1").Last).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save and restart lvmd" }).ClickAsync();
        await ExpectAsync(browser, "Device class", "done", "Device class fast of", Patience);

        await EnableAsync(browser);
        await ExpectAsync(browser, "Verification", "to do", "No StorageClass hands out device class fast yet");
        await browser.PressAsync("New storage class");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("local-fast");
        await dialog.GetByLabel("Name", new() { Exact = true }).BlurAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await VerifyAsync(browser);
        Assert.Contains(portal.Storage.FindNode("edge-1")!.Classes, one => one is { DeviceClass: "fast", VolumeGroup: "fast" });
        browser.ExpectNoComplaints();
    }

    private static async Task<TestPortal> InstalledAsync(NodeScenario node)
    {
        var portal = await TestPortal.OnSimulatedWithAgentsAsync(new("from disk to storage", [Master, node]) { Standing = new InstallSpec() }, Cancel);
        await Eventually.PassesAsync(() => Assert.True(portal.Storage.Installation is { IsReady: true }), Cancel);
        return portal;
    }

    private static async Task CreateAsync(BrowserSession browser, string group)
    {
        await browser.PressAsync("Create " + group);
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync($"vgcreate {group}");
        await dialog.GetByLabel($"Type {group} to confirm").FillAsync(group);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await ExpectAsync(browser, "Volume group", "done", group + " is there", Patience);
        await browser.ExpectAllStepsAsync("done", atLeast: 3, Patience);
    }

    private static async Task EnableAndVerifyAsync(BrowserSession browser, TestPortal portal)
    {
        await EnableAsync(browser);
        await VerifyAsync(browser);
        Assert.True(portal.Storage.FindNode("edge-1") is { IsEnabled: true, IsServing: true } node && node.Classes.Any(one => one.AvailableBytes > 0));
    }

    private static async Task EnableAsync(BrowserSession browser)
    {
        var button = Step(browser, "Label").GetByRole(AriaRole.Button, new() { Name = "Enable storage" });
        await Expect(button).Not.ToHaveAttributeAsync("aria-disabled", "true", new() { Timeout = Patience });
        await button.ClickAsync();
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        // The agent has seen every group: there is nothing to tick.
        await Expect(dialog.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(0);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enable" }).ClickAsync();
        await ExpectAsync(browser, "Label", "done", "edge-1 publishes", Patience);
    }

    private static async Task VerifyAsync(BrowserSession browser)
    {
        await Step(browser, "Verification").GetByRole(AriaRole.Button, new() { Name = "Run verification" }).ClickAsync();
        await browser.PressAsync("Start");
        await ExpectAsync(browser, "Verification", "done", "A claim was made, written", Patience);
        await Expect(browser.Page.GetByText("5 of 5")).ToBeVisibleAsync();
    }

    private static async Task ExpectAsync(BrowserSession browser, string step, string state, string text, float timeout = 30_000)
    {
        await Expect(Step(browser, step)).ToContainTextAsync(text, new() { Timeout = timeout });
        await Expect(Step(browser, step).GetByRole(AriaRole.Heading)).ToHaveTextAsync($"{step} {state}", new() { Timeout = timeout });
    }

    private static ILocator Step(BrowserSession browser, string name) => browser.Page.GetByRole(AriaRole.Region, new() { Name = "From disk to storage" })
        .GetByRole(AriaRole.Listitem).Filter(new() { Has = browser.Page.GetByRole(AriaRole.Heading, new() { Name = name }) });
}
