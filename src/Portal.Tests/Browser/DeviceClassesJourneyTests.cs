using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Lvmd;
using Portal.Simulator;
using Portal.Tests.Core.TopoLvm.Lvmd;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class DeviceClassesJourneyTests(Chromium chromium)
{
    private const float Patience = 120_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_edited_class_reaches_one_node_and_then_the_others()
    {
        await using var portal = await InstalledAsync();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var before = Group(portal);
        await browser.GoToAsync("device-classes");

        await FillAsync(browser, "Held back (GiB)", "5");
        await Expect(browser.Page.GetByText("spare-gb: 5")).ToBeVisibleAsync();
        await browser.PressAsync("Save and restart lvmd");

        await browser.ExpectAllStepsAsync("done", atLeast: 4, Patience);
        var after = Group(portal);
        Assert.Equal(5, after.Config.DeviceClasses[0].SpareGb);
        Assert.All(after.Nodes.Where(node => node.IsReady), node => Assert.True(node.IsServing && node.Lvmd!.Metadata.Uid != before.Node(node.Name)!.Lvmd!.Metadata.Uid, node.Name));
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save and restart lvmd" })).ToHaveAttributeAsync("aria-disabled", "true");

        await browser.Page.GetByText("Earlier versions").ClickAsync();
        await browser.Page.GetByText("Version 1", new() { Exact = false }).First.ClickAsync();
        await browser.PressAsync("Roll back to version 1");
        await Eventually.PassesAsync(() => Assert.Equal(before.Yaml, Group(portal).Yaml), Cancel);
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Change the device classes of topolvm-lvmd" })).ToHaveCountAsync(2);
        await browser.ExpectAllStepsAsync("done", atLeast: 8, Patience);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_file_that_the_rules_refuse_cannot_be_saved_and_says_why_beside_the_field()
    {
        await using var portal = await InstalledAsync();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var before = Group(portal).Yaml;
        await browser.GoToAsync("device-classes");

        await FillAsync(browser, "Name", "not good");
        await Expect(browser.Page.Locator(".field .wrong")).ToContainTextAsync("\"not good\" cannot be a device class");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save and restart lvmd" })).ToHaveAttributeAsync("aria-disabled", "true");
        await browser.Page.GetByLabel("YAML").CheckAsync();
        await FillAsync(browser, "lvmd.yaml", "device-classes: [\n");
        await Expect(browser.Page.GetByRole(AriaRole.List, new() { Name = "What there is to say about the file" })).ToContainTextAsync("This is not valid YAML");
        await FillAsync(browser, "lvmd.yaml", "device-classes:\n- name: a\n  volume-group: myvg1\n  # mine\n  other: key\n");

        await browser.Page.GetByLabel("Form").CheckAsync();
        await Expect(browser.Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("a");
        await browser.Page.GetByLabel("Default class").CheckAsync();
        await browser.Page.GetByLabel("YAML").CheckAsync();
        await Expect(browser.Page.GetByLabel("lvmd.yaml")).ToHaveValueAsync("device-classes:\n- name: a\n  volume-group: myvg1\n  # mine\n  other: key\n  default: true\n");
        Assert.Equal(before, Group(portal).Yaml);
    }

    [Theory]
    [InlineData("storage", "0.10.0")]
    [InlineData("thin", "0.41.0")]
    public async Task Each_rule_of_the_installed_version_refuses_in_the_page_what_it_is_against(string scenario, string version)
    {
        await using var portal = await TestPortal.OnSimulatedAsync(scenario == "thin" ? Scenario.Thin : Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var before = Group(portal);
        await browser.GoToAsync("device-classes");
        await browser.Page.GetByLabel("YAML").CheckAsync();
        var said = browser.Page.GetByRole(AriaRole.List, new() { Name = "What there is to say about the file" });
        var refused = LvmdConfigRulesTests.RefusedBy(Version.Parse(version)).ToArray();
        Assert.InRange(refused.Length, 25, 100);

        foreach (var (yaml, sentences) in refused)
        {
            await FillAsync(browser, "lvmd.yaml", yaml);
            foreach (var sentence in sentences) await Expect(said).ToContainTextAsync(sentence);
            await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save and restart lvmd" })).ToHaveAttributeAsync("aria-disabled", "true");
        }

        Assert.Equal(before.Yaml, Group(portal).Yaml);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_file_with_which_lvmd_does_not_come_up_is_put_back()
    {
        await using var portal = await InstalledAsync();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var before = Group(portal);
        await browser.GoToAsync("device-classes");

        await browser.PressAsync("Add device class");
        await Expect(browser.Page.GetByRole(AriaRole.Group, new() { Name = "New device class" })).ToBeVisibleAsync();
        await FillAsync(browser, "Name", "fast");
        await FillAsync(browser, "Volume group", "not-there");
        await FillAsync(browser, "Held back (GiB)", "0");
        await browser.PressAsync("Save and restart lvmd");

        await Expect(browser.Page.GetByText("the old one was put back and lvmd runs again").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(browser.Page.GetByText("volume group not found").First).ToBeVisibleAsync();
        var after = Group(portal);
        Assert.Equal(before.Yaml, after.Yaml);
        Assert.Single(after.Nodes, node => node.IsReady && node.Lvmd?.Metadata.Uid != before.Node(node.Name)!.Lvmd!.Metadata.Uid);
        Assert.All(after.Nodes.Where(node => node.IsReady), node => Assert.True(node.IsServing, node.Name));
    }

    [Fact]
    public async Task Two_browsers_and_the_API_at_once_lose_nothing()
    {
        await using var portal = await InstalledAsync();
        await using var first = await BrowserSession.OpenAsync(chromium, portal);
        await using var second = await BrowserSession.OpenAsync(chromium, portal);
        await first.GoToAsync("device-classes");
        await second.GoToAsync("device-classes");
        await FillAsync(first, "Held back (GiB)", "6");
        await FillAsync(second, "Held back (GiB)", "7");

        var byHand = "# by hand\n" + Group(portal).Yaml;
        using var client = new KubeClient(portal.Simulated.Connection);
        var patch = Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["lvmd.yaml"] = byHand } }.ToJsonString());
        await client.PatchAsync(ConfigMap.Kind, Group(portal).ConfigMapObject, patch, new WriteOptions { FieldManager = "kubectl-edit" }, Cancel);

        await Expect(first.Page.GetByText("Somebody else has changed this file.")).ToBeVisibleAsync();
        await first.PressAsync("Merge both");
        await first.PressAsync("Save and restart lvmd");
        await first.ExpectAllStepsAsync("done", atLeast: 4, Patience);
        Assert.Equal(byHand.Replace("spare-gb: 3", "spare-gb: 6", StringComparison.Ordinal), Group(portal).Yaml);

        // The second has changed the same line: it sees both and decides.
        await Expect(second.Page.GetByRole(AriaRole.Button, new() { Name = "Merge both" })).ToHaveAttributeAsync("aria-disabled", "true");
        await second.PressAsync("Keep mine");
        await FillAsync(second, "Held back (GiB)", "8");
        await second.PressAsync("Discard changes");
        await Expect(second.Page.GetByLabel("Held back (GiB)")).ToHaveValueAsync("6");
        Assert.Equal(byHand.Replace("spare-gb: 3", "spare-gb: 6", StringComparison.Ordinal), Group(portal).Yaml);
    }

    [Fact]
    public async Task A_storage_class_is_made_for_a_device_class_and_deleted()
    {
        await using var portal = await InstalledAsync();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("device-classes");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);

        await browser.PressAsync("New storage class");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("local-fast");
        await dialog.GetByLabel("Name", new() { Exact = true }).BlurAsync();
        await dialog.GetByLabel("When the node is chosen").SelectOptionAsync("Immediate");
        await Expect(dialog.GetByText("Binding is Immediate")).ToBeVisibleAsync();
        await dialog.GetByLabel("When the node is chosen").SelectOptionAsync("WaitForFirstConsumer");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(browser.Page.GetByText("local-fast", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Contains(portal.Storage.StorageClasses, one => one is { Name: "local-fast", IsImmediate: false });

        await browser.PressAsync("Delete local-fast");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(browser.Page.GetByText("local-fast", new() { Exact = true })).ToBeHiddenAsync();
        Assert.DoesNotContain(portal.Storage.StorageClasses, one => one.Name == "local-fast");
    }

    private async Task<TestPortal> InstalledAsync()
    {
        var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("install");
        await browser.PressAsync("Install TopoLVM");
        await browser.ExpectAllStepsAsync("done", atLeast: 10, Patience);
        await Eventually.PassesAsync(() => Assert.All(Group(portal).Nodes.Where(node => node.IsReady), node => Assert.True(node.IsServing, node.Name)), Cancel);
        return portal;
    }

    private static LvmdGroup Group(TestPortal portal) => Assert.Single(portal.Storage.LvmdGroups);

    // The last field of that name: that of the class that was added last.
    private static async Task FillAsync(BrowserSession browser, string label, string value)
    {
        var field = browser.Page.GetByLabel(label, new() { Exact = true }).Last;
        await field.FillAsync(value);
        await field.BlurAsync();
        await Expect(field).ToHaveValueAsync(value);
    }
}
