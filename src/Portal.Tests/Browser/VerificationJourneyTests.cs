using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Operations;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class VerificationJourneyTests(Chromium chromium)
{
    private const float Patience = 60_000;
    private const int Steps = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Storage_is_verified_from_the_overview_and_the_report_stays_in_activity()
    {
        await using var portal = await ReadyAsync();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("");

        await browser.PressAsync("Run verification");
        await browser.PressAsync("Start");
        await Expect(browser.Page.GetByRole(AriaRole.Link, new() { Name = "Verify storage class topolvm-provisioner" })).ToBeVisibleAsync(new() { Timeout = Patience });
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Verify storage class topolvm-provisioner" }).ClickAsync();

        await browser.ExpectAllStepsAsync("done", Steps, Patience);
        await Expect(browser.Page.GetByText("read the same bytes.")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByText("in a file system of 1.98 GiB for 2 GiB")).ToBeVisibleAsync();
        await NothingIsLeftAsync(portal);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task One_node_and_device_class_can_be_verified()
    {
        await using var portal = await ReadyAsync();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/edge-hangzhou-2");

        await browser.PressAsync("Run verification");
        await browser.PressAsync("Start");

        await browser.ExpectAllStepsAsync("done", Steps, Patience);
        var operation = portal.Services.GetRequiredService<OperationRunner>().Live.Current.Operations[0];
        Assert.Contains("on node edge-hangzhou-2", operation.Steps.Single(step => step.Id == "write").Report!.English, StringComparison.Ordinal);
        await NothingIsLeftAsync(portal);
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_named_and_nothing_is_left()
    {
        await using var portal = await ReadyAsync();
        foreach (var node in portal.Simulated.Nodes) node.Change(state => state with { MissingImages = state.MissingImages.Add("registry.local/none:1") });
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("");

        await browser.PressAsync("Run verification");
        await browser.Page.GetByLabel("Image", new() { Exact = true }).FillAsync("registry.local/none:1");
        await browser.Page.GetByLabel("Image", new() { Exact = true }).PressAsync("Tab");
        await browser.PressAsync("Start");

        await Expect(browser.Page.GetByText("Image registry.local/none:1 cannot be pulled on node").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await NothingIsLeftAsync(portal);
    }

    [Fact]
    public async Task A_node_without_room_is_said_with_the_numbers()
    {
        await using var portal = await ReadyAsync();
        portal.Simulated.Node("edge-shaoxing-1").Change(state => state with { Storage = state.Storage.WithVolume("myvg1", "root", (19L << 30) + (512L << 20)) });
        using var client = new KubeClient(portal.Simulated.Connection);
        foreach (var lvmd in portal.Cluster.Pods.Items.Values.Where(pod => pod.Spec.NodeName == "edge-shaoxing-1")) await client.DeleteAsync(Pod.Kind, lvmd.Metadata.ObjectName, DeleteOptions.Default, Cancel);
        await Eventually.PassesAsync(() => Assert.True(portal.Storage.FindNode("edge-shaoxing-1") is { IsServing: true } node && node.Classes.Single().LargestClaimBytes == 0), Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/edge-shaoxing-1");

        await browser.PressAsync("Run verification");
        await browser.PressAsync("Start");

        await Expect(browser.Page.GetByText("The verification needs 2 GiB; the most that fits on a node is on edge-shaoxing-1: 0 B").First).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    [Fact]
    public async Task A_verification_that_is_stopped_leaves_nothing_and_can_be_resumed()
    {
        await using var portal = await ReadyAsync();
        foreach (var node in portal.Simulated.Nodes) node.Change(state => state with { LvmFailure = "exit status 5: held by the test" });
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("");
        await browser.PressAsync("Run verification");
        await browser.PressAsync("Start");
        await Expect(browser.Page.GetByText("Waiting for pod default/verify-").First).ToBeVisibleAsync(new() { Timeout = Patience });

        await browser.PressAsync("Stop");
        await NothingIsLeftAsync(portal);

        foreach (var node in portal.Simulated.Nodes) node.Change(state => state with { LvmFailure = null });
        await browser.GoToAsync("activity/1");
        await browser.PressAsync("Resume");
        await browser.ExpectAllStepsAsync("done", Steps, Patience);
        await NothingIsLeftAsync(portal);
    }

    private static async Task<TestPortal> ReadyAsync()
    {
        var portal = await TestPortal.OnSimulatedAsync(Scenario.WithEdgeadm, Cancel);
        await Eventually.PassesAsync(() =>
        {
            Assert.True(portal.Storage.Installation is { IsReady: true });
            Assert.True(portal.Storage.Nodes.Count(node => node.IsServing && node.Classes.Any()) == 3);
        }, Cancel);
        return portal;
    }

    private static Task NothingIsLeftAsync(TestPortal portal) => Eventually.PassesAsync(() =>
    {
        Assert.Empty(portal.Cluster.Claims.Items);
        Assert.DoesNotContain(portal.Cluster.Pods.Items.Values, pod => pod.Metadata.Namespace == "default");
        Assert.Empty(portal.Cluster.PersistentVolumes.Items);
        Assert.Empty(portal.Cluster.LegacyLogicalVolumes.Items);
        Assert.All(portal.Simulated.Nodes, node => Assert.All(node.State.Current.Storage.VolumeGroups.Values, group => Assert.Empty(group.Volumes)));
    }, Cancel);
}
