using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Nodes;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class NodesJourneyTests(Chromium chromium)
{
    private const float Patience = 60_000;

    private static readonly Scenario Site = Scenario.Demo with { Name = "demo with edgeadm", HasEdgeadmTopoLvm = true };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_is_enabled_and_its_pods_come()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.WithEdgeadm, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "edge-ningbo-2" }).ClickAsync();

        await browser.PressAsync("Enable storage");
        await Expect(browser.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Nobody has seen volume group myvg1 on node edge-ningbo-2");
        await browser.Page.GetByLabel("The volume groups exist on these nodes").CheckAsync();
        await browser.PressAsync("Enable");

        await browser.ExpectAllStepsAsync("done", atLeast: 5, Patience);
        await Expect(Item(browser, "lvmd")).ToContainTextAsync("Ready");
        await Expect(Item(browser, "topolvm-node")).ToContainTextAsync("Ready");
        await Expect(Item(browser, "CSI driver")).ToContainTextAsync("Registered");
        await Expect(browser.Page.GetByRole(AriaRole.Article, new() { Name = "hdd" })).ToContainTextAsync("119 GiB");
        var node = portal.Cluster.Nodes.Items[new(null, "edge-ningbo-2")];
        Assert.True(NodeLabel.Default.IsOn(node.Metadata));
        Assert.Contains("capacity.topolvm.cybozu.com/hdd", node.Metadata.Annotations.Keys);
        Assert.True(portal.Storage.FindNode("edge-ningbo-2")!.IsServing);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_node_without_its_volume_group_is_warned_of_and_followed_until_the_group_is_there()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.WithEdgeadm, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/edge-wenzhou-1");

        await browser.PressAsync("Enable storage");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Enable", Exact = true })).ToHaveAttributeAsync("aria-disabled", "true");
        await browser.Page.GetByLabel("The volume groups exist on these nodes").CheckAsync();
        await browser.PressAsync("Enable");

        await Expect(browser.Page.Locator("ol.steps")).ToContainTextAsync("volume group not found: myvg1", new() { Timeout = Patience });
        await Expect(Item(browser, "lvmd")).ToContainTextAsync("Failing");
        portal.Simulated.Node("edge-wenzhou-1").Change(state => state with { Storage = state.Storage.WithVolumeGroup("myvg1", "/dev/vdb") });
        await browser.ExpectAllStepsAsync("done", atLeast: 5, Patience);
        Assert.True(portal.Storage.FindNode("edge-wenzhou-1")!.IsServing);
    }

    [Fact]
    public async Task A_node_that_holds_volumes_is_not_disabled_until_they_are_gone()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Site, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await Eventually.PassesAsync(() => Assert.Equal(4, portal.Storage.Volumes.Count(volume => volume.LogicalVolume is not null)), Cancel);
        var node = portal.Storage.Nodes.First(node => node.LogicalVolumes > 0);
        await browser.GoToAsync("nodes/" + node.Name);

        await Expect(browser.Page.GetByText($"Node {node.Name} holds volumes ({node.LogicalVolumes} in all").First).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Link, new() { Name = node.Volumes[0].Name.ToString() }).First).ToBeVisibleAsync();
        using var client = new KubeClient(portal.Simulated.Connection);
        foreach (var deployment in portal.Cluster.Deployments.Items.Keys.Where(name => name.Namespace is "vision" or "mes" or "retail"))
            await client.DeleteAsync(Deployment.Kind, deployment, DeleteOptions.Default, Cancel);
        foreach (var claim in portal.Cluster.Claims.Items.Keys) await client.DeleteAsync(PersistentVolumeClaim.Kind, claim, DeleteOptions.Default, Cancel);
        await browser.PressAsync("Disable storage");
        await browser.PressAsync("Disable");

        await browser.ExpectAllStepsAsync("done", atLeast: 4, Patience);
        await Eventually.PassesAsync(() =>
        {
            var after = portal.Storage.FindNode(node.Name)!;
            Assert.Equal((false, NodePartState.Absent, NodePartState.Absent, 0), (after.IsEnabled, after.Lvmd.State, after.Plugin.State, after.Capacities.Length));
        }, Cancel);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_selection_in_the_list_is_enabled_together_also_the_offline_one()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.WithEdgeadm, Cancel);
        portal.Simulated.Node("edge-wenzhou-1").TakeOffline();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes?storage=not&selected=edge-ningbo-2,edge-wenzhou-1");
        await Expect(browser.Page.GetByRole(AriaRole.Row, new() { Name = "edge-wenzhou-1" })).ToContainTextAsync("Offline", new() { Timeout = Patience });

        await browser.PressAsync("Enable storage");
        await Expect(browser.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("edge-wenzhou-1 offline: the label is set now, and acts when the node is back.");
        await browser.Page.GetByLabel("The volume groups exist on these nodes").CheckAsync();
        await browser.PressAsync("Enable");

        await browser.ExpectAllStepsAsync("done", atLeast: 5, Patience);
        Assert.All(new[] { "edge-ningbo-2", "edge-wenzhou-1" }, name => Assert.True(portal.Storage.FindNode(name)!.IsEnabled));
        Assert.True(portal.Storage.FindNode("edge-ningbo-2")!.IsServing);
    }

    [Fact]
    public async Task The_deletion_of_a_node_elsewhere_is_said_loudly_with_the_claims_that_go()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Site, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await Eventually.PassesAsync(() => Assert.Contains(portal.Storage.Nodes, node => !node.GoWithNode.IsEmpty && !node.Volumes.IsEmpty), Cancel);
        var node = portal.Storage.Nodes.First(node => !node.GoWithNode.IsEmpty && !node.Volumes.IsEmpty);
        await browser.GoToAsync("nodes/" + node.Name);
        await Expect(browser.Page.GetByText($"deletes the claims for which the scheduler chose this node ({node.GoWithNode.Length})")).ToBeVisibleAsync();
        using var client = new KubeClient(portal.Simulated.Connection);

        // Somebody else's finalizer keeps the object while people look.
        await client.PatchAsync(Node.Kind, new(null, node.Name), Patch.Merge("""{"metadata":{"finalizers":["example.com/hold","topolvm.cybozu.com/node"]}}"""), WriteOptions.Default, Cancel);
        await client.DeleteAsync(Node.Kind, new(null, node.Name), DeleteOptions.Default, Cancel);

        await Expect(browser.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = $"Node {node.Name} is being deleted" })).ToContainTextAsync("Save what you need now");
        await browser.GoToAsync("nodes");
        await Expect(browser.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = $"Node {node.Name} is being deleted" })).ToBeVisibleAsync();
    }

    private static ILocator Item(BrowserSession browser, string name) =>
        browser.Page.Locator("section li").Filter(new() { Has = browser.Page.GetByText(name, new() { Exact = true }) }).First;
}
