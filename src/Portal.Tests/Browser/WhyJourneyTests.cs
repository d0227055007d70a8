using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class WhyJourneyTests(Chromium chromium)
{
    private const float Patience = 60_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-US", "StorageClass topolvm-nvme does not exist.", "Nothing stands in its way, as far as the cluster tells")]
    [InlineData("zh-CN", "存储类 topolvm-nvme 不存在。", "就集群所见，没有任何阻碍")]
    public async Task A_pod_that_stays_pending_is_explained_and_what_is_mended_is_said_to_be(string locale, string cause, string nothing)
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale });
        using var client = new KubeClient(portal.Simulated.Connection);
        await browser.GoToAsync("");
        await Expect(browser.Page.Locator(".attention-card li")).Not.ToHaveCountAsync(0, new() { Timeout = Patience });
        await Eventually.PassesAsync(() => Assert.NotNull(Waiting(portal)), Cancel);
        var pod = Waiting(portal)!;

        await browser.GoToAsync($"why?kind=pod&namespace=mes&name={pod.Metadata.Name}");
        var first = browser.Page.Locator(".why-panel article.finding").First;
        await Expect(first).ToHaveAttributeAsync("data-cause", "StorageClassMissing", new() { Timeout = Patience });
        await Expect(first).ToContainTextAsync(cause);

        // As the remedy says.
        await client.CreateAsync(StorageClass.Kind, new KubeObject(JsonNode.Parse("""
            {
              "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": { "name": "topolvm-nvme" },
              "provisioner": "topolvm.cybozu.com", "volumeBindingMode": "WaitForFirstConsumer", "reclaimPolicy": "Delete"
            }
            """)!.AsObject()), WriteOptions.Default, Cancel);

        await Expect(browser.Page.GetByText(nothing)).ToBeVisibleAsync(new() { Timeout = Patience });
        await Eventually.PassesAsync(() => Assert.Equal("Bound", portal.Cluster.Claims.Items[new("mes", "ramdisk")].Status.Phase), Cancel);
        Assert.True(portal.Cluster.Pods.Items[pod.Metadata.ObjectName].IsReady);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task The_first_causes_of_everything_stuck_lead_to_their_answers()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("why");
        var item = browser.Page.GetByRole(AriaRole.Link, new() { Name = "Node edge-ningbo-1 does not report: nothing is made, grown, mounted or removed there." });

        await item.ClickAsync(new() { Timeout = Patience });

        await Expect(browser.Page.Locator("[data-cause=NodeOffline]").First).ToBeVisibleAsync();
        portal.Simulated.Node("edge-ningbo-1").BringOnline();
        await Expect(browser.Page.Locator("[data-cause=NodeOffline]")).ToHaveCountAsync(0, new() { Timeout = Patience });
        Assert.True(portal.Cluster.Nodes.Items[new(null, "edge-ningbo-1")].IsReady);
    }

    private static Pod? Waiting(TestPortal portal) =>
        portal.Cluster.Pods.Items.Values.FirstOrDefault(pod => pod.Metadata.Namespace == "mes" && pod.Metadata.Name.StartsWith("ramdisk-", StringComparison.Ordinal));
}
