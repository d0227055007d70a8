using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class VolumesJourneyTests(Chromium chromium)
{
    private static readonly ObjectName Queue = new("mes", "queue");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_is_created_by_the_dialog_that_knows_what_fits_where()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("volumes");
        await browser.PressAsync("Create volume");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText("Enter a name.")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Cell, new() { Name = "edge-hangzhou-1" })).ToBeVisibleAsync();

        await dialog.GetByLabel("Namespace").SelectOptionAsync("mes");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("fresh");
        await dialog.GetByLabel("Size", new() { Exact = true }).FillAsync("9 TiB");
        await Expect(dialog.GetByText("fit on no node now")).ToBeVisibleAsync();
        await dialog.GetByLabel("Size", new() { Exact = true }).FillAsync("2 GiB");
        await SubmitAsync(dialog, "Create volume");

        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(RowOf(browser, "mes/fresh")).ToContainTextAsync("waits for a Pod");
        var claim = await ClaimAsync(portal, new("mes", "fresh"));
        Assert.Equal(("2Gi", "Filesystem"), (claim.Spec.Resources.Requests["storage"], claim.Spec.VolumeMode));
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_volume_grows_to_the_size_of_the_dialog_and_shows_each_stage()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("volumes/mes/queue");
        await browser.PressAsync("Expand");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);

        await dialog.GetByLabel("New size").FillAsync("+2 GiB");
        await Expect(dialog.GetByRole(AriaRole.Cell, new() { Name = "10Gi", Exact = true })).ToBeVisibleAsync();
        await SubmitAsync(dialog, "Expand");

        await Expect(dialog).ToHaveCountAsync(0);
        await browser.ExpectAllStepsAsync("done", atLeast: 2, 60_000);
        await Expect(browser.Page.GetByText("mes/queue has 10Gi.")).ToBeVisibleAsync();
        await Eventually.PassesAsync(async () =>
        {
            var claim = await ClaimAsync(portal, Queue);
            Assert.Equal(("10Gi", "10Gi"), (claim.Spec.Resources.Requests["storage"], claim.Status.Capacity["storage"]));
        }, Cancel);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task Shrinking_and_more_than_fits_are_refused_with_the_numbers()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("volumes/mes/queue");
        await browser.PressAsync("Expand");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Eventually.PassesAsync(() => Assert.NotNull(Found(portal, Queue).Headroom), Cancel);
        var expand = dialog.GetByRole(AriaRole.Button, new() { Name = "Expand", Exact = true });

        await dialog.GetByLabel("New size").FillAsync("5 GiB");
        await Expect(dialog.GetByText("mes/queue asks for 8Gi already; a volume cannot shrink to 5Gi.")).ToBeVisibleAsync();
        await Expect(expand).ToHaveAttributeAsync("aria-disabled", "true");

        await dialog.GetByLabel("New size").FillAsync("900 GiB");
        await Expect(dialog.GetByText(Found(portal, Queue).WhyNotResize(Quantity.Parse("900Gi"))!.English)).ToBeVisibleAsync();
        await expand.ClickAsync(new() { Force = true });
        Assert.Equal("8Gi", (await ClaimAsync(portal, Queue)).Spec.Resources.Requests["storage"]);
    }

    [Fact]
    public async Task A_selection_grows_together()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("volumes?selected=mes/queue,vision/labels");
        await browser.PressAsync("Expand");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "Expand 2 volumes" })).ToBeVisibleAsync();

        await dialog.GetByLabel("New size").FillAsync("+1 GiB");
        await SubmitAsync(dialog, "Expand");

        await browser.ExpectAllStepsAsync("done", atLeast: 4, 60_000);
        await Eventually.PassesAsync(async () =>
        {
            Assert.Equal("9Gi", (await ClaimAsync(portal, Queue)).Status.Capacity["storage"]);
            Assert.Equal("7Gi", (await ClaimAsync(portal, new("vision", "labels"))).Status.Capacity["storage"]);
        }, Cancel);
        await Expect(RowOf(browser, "mes/queue")).ToContainTextAsync("9 GiB");
    }

    [Fact]
    public async Task A_volume_is_deleted_after_its_name_was_typed_and_its_data_with_it()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var logical = Found(portal, new("telemetry", "spool")).LogicalVolume!.Metadata.ObjectName;
        await browser.GoToAsync("volumes/telemetry/spool");
        await browser.PressAsync("Delete");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText("The data are gone for good")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToHaveAttributeAsync("aria-disabled", "true");

        await dialog.GetByLabel("Type spool to confirm").FillAsync("spool");
        await SubmitAsync(dialog, "Delete");

        await Expect(browser.Page.GetByText("There is no volume telemetry/spool.")).ToBeVisibleAsync();
        await browser.ExpectAllStepsAsync("done", atLeast: 2, 60_000);
        Assert.Null(await Client(portal).FindAsync(PersistentVolumeClaim.Kind, new("telemetry", "spool"), Cancel));
        Assert.Null(await Client(portal).FindAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), logical, Cancel));
    }

    [Fact]
    public async Task What_is_left_over_is_cleaned_up_and_every_claimed_volume_stays()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await Eventually.PassesAsync(() => Assert.Equal(4, portal.Storage.Volumes.Count(volume => volume.Orphan is not null)), Cancel);
        var claimed = portal.Storage.Volumes.Where(volume => volume.Claim is not null).Select(volume => volume.LogicalVolume?.Metadata.Uid).Order().ToArray();
        await browser.GoToAsync("volumes/left-over");

        await browser.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Select all that are shown" }).CheckAsync();
        await browser.PressAsync("Clean up");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Type 4 to confirm").FillAsync("4");
        await SubmitAsync(dialog, "Clean up");

        await Expect(browser.Page.GetByText("Nothing is left over.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await browser.ExpectAllStepsAsync("done", atLeast: 5, 60_000);
        Assert.Equal(claimed, portal.Storage.Volumes.Where(volume => volume.Claim is not null).Select(volume => volume.LogicalVolume?.Metadata.Uid).Order());
    }

    [Fact]
    public async Task Of_two_browsers_and_the_api_at_one_claim_nobodys_edit_is_lost()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var first = await BrowserSession.OpenAsync(chromium, portal);
        await using var second = await BrowserSession.OpenAsync(chromium, portal);
        var (one, other) = (await OpenExpandAsync(first), await OpenExpandAsync(second));

        await Client(portal).PatchAsync(PersistentVolumeClaim.Kind, Queue, Patch.Merge("""{"metadata":{"labels":{"owner":"kubectl"}},"spec":{"resources":{"requests":{"storage":"9Gi"}}}}"""), WriteOptions.Default, Cancel);
        await Expect(one.GetByRole(AriaRole.Cell, new() { Name = "9Gi", Exact = true })).ToBeVisibleAsync();
        await one.GetByLabel("New size").FillAsync("10 GiB");
        await SubmitAsync(one, "Expand");
        await Expect(other.GetByRole(AriaRole.Cell, new() { Name = "10Gi", Exact = true })).ToBeVisibleAsync();
        await first.ExpectAllStepsAsync("done", atLeast: 2, 60_000);
        await other.GetByLabel("New size").FillAsync("9 GiB");
        await Expect(other.GetByText("a volume cannot shrink to 9Gi")).ToBeVisibleAsync();
        await other.GetByLabel("New size").FillAsync("+1 GiB");
        await SubmitAsync(other, "Expand");

        await Eventually.PassesAsync(async () =>
        {
            var claim = await ClaimAsync(portal, Queue);
            Assert.Equal(("11Gi", "kubectl"), (claim.Spec.Resources.Requests["storage"], claim.Metadata.Labels["owner"]));
        }, Cancel);
    }

    [Fact]
    public async Task A_thin_volume_is_snapshotted_and_restored_and_a_thick_one_says_why_not()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Thin, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("volumes/shop/orders");
        await Expect(browser.Page.GetByText("TopoLVM makes snapshots and clones of thin ones only").First).ToBeVisibleAsync();

        await browser.GoToAsync("volumes/lab/notebooks");
        await browser.PressAsync("Make snapshot");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("friday");
        await SubmitAsync(dialog, "Make snapshot");
        await browser.PressAsync("Restore friday");
        await SubmitAsync(browser.Page.GetByRole(AriaRole.Dialog), "Create volume");

        await Eventually.PassesAsync(async () =>
        {
            var restored = await ClaimAsync(portal, new("lab", "friday-restored"));
            Assert.Equal(("VolumeSnapshot", "friday"), (restored.Spec.DataSource!.Kind, restored.Spec.DataSource.Name));
        }, Cancel);
    }

    [Fact]
    public async Task A_mounted_volume_shows_how_full_its_file_system_is()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        FileSystemUse? use = null;
        await Eventually.PassesAsync(async () =>
        {
            use = await FileSystemUse.FindAsync(Client(portal), "edge-hangzhou-2", Queue, Cancel);
            Assert.NotNull(use);
        }, Cancel);

        await browser.GoToAsync("volumes/mes/queue");
        await Expect(browser.Page.GetByText("of " + ByteText.Format(use!.CapacityBytes))).ToBeVisibleAsync();
        await browser.GoToAsync("volumes/telemetry/spool");
        await Expect(browser.Page.GetByText("known while a Pod mounts it")).ToBeVisibleAsync();
    }

    private static async Task<ILocator> OpenExpandAsync(BrowserSession browser)
    {
        await browser.GoToAsync("volumes/mes/queue");
        await browser.PressAsync("Expand");
        return browser.Page.GetByRole(AriaRole.Dialog);
    }

    private static async Task SubmitAsync(ILocator dialog, string name)
    {
        var button = dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        await Expect(button).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await button.ClickAsync();
    }

    private static ILocator RowOf(BrowserSession browser, string name) => browser.Page.GetByRole(AriaRole.Row).Filter(new() { Has = browser.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }) });

    private static KubeClient Client(TestPortal portal) => portal.Services.GetRequiredService<ClusterSession>().Context.Client;

    private static Task<PersistentVolumeClaim> ClaimAsync(TestPortal portal, ObjectName name) => Client(portal).GetAsync(PersistentVolumeClaim.Kind, name, Cancel);

    private static Volume Found(TestPortal portal, ObjectName name) => portal.Storage.Volumes.Single(volume => volume.Name == name);
}
