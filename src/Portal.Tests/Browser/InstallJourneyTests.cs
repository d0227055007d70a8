using Microsoft.Playwright;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Pages.Overview;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class InstallJourneyTests(Chromium chromium)
{
    private const float Patience = 120_000;

    [Theory]
    [InlineData("en-US", "Install TopoLVM", "Remove TopoLVM", "done", "All components are ready", "Nothing of TopoLVM is left in this cluster", "TopoLVM is not installed")]
    [InlineData("zh-CN", "安装 TopoLVM", "移除 TopoLVM", "完成", "所有组件均已就绪", "此集群中没有任何 TopoLVM 残留", "未安装 TopoLVM")]
    public async Task One_button_installs_and_another_removes(string locale, string install, string remove, string done, string ready, string clean, string absent)
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale });

        await browser.GoToAsync("install");
        await browser.PressAsync(install);
        await browser.ExpectAllStepsAsync(done, atLeast: 10, Patience);
        await browser.GoToAsync("");
        await Expect(browser.Page.GetByText(ready)).ToBeVisibleAsync();
        var installed = portal.Storage.Nodes.Where(node => node is { IsEnabled: true, IsReady: true }).ToArray();
        Assert.NotEmpty(installed);
        foreach (var node in installed)
            await Expect(browser.Page.GetByRole(AriaRole.Row, new() { Name = node.Name })).ToContainTextAsync(ByteText.Format(NodesText.Classes(node).Single().AvailableBytes));

        await browser.GoToAsync("install");
        await browser.PressAsync(remove);
        await Expect(browser.Page.GetByText(clean)).ToBeVisibleAsync(new() { Timeout = Patience });
        await browser.ExpectAllStepsAsync(done, atLeast: 10, Patience);
        await browser.GoToAsync("");
        await Expect(browser.Page.GetByText(absent, new() { Exact = true })).ToBeVisibleAsync();
        Assert.Null(portal.Storage.Installation);
        Assert.All(portal.Cluster.Nodes.Items.Values, node => Assert.DoesNotContain(TopoLvmNames.Legacy.NodeFinalizer, node.Metadata.Finalizers));
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_reload_and_a_second_tab_show_the_same_steps()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, TestContext.Current.CancellationToken);
        await using var first = await BrowserSession.OpenAsync(chromium, portal);
        await using var second = await BrowserSession.OpenAsync(chromium, portal);
        await first.GoToAsync("install");
        await second.GoToAsync("install");

        await first.PressAsync("Install TopoLVM");
        await Expect(second.Page.GetByRole(AriaRole.Heading, new() { Name = "Install TopoLVM 0.10.0 in namespace topolvm-system" })).ToBeVisibleAsync();
        await first.Page.ReloadAsync();

        await first.ExpectAllStepsAsync("done", atLeast: 10, Patience);
        await second.ExpectAllStepsAsync("done", atLeast: 10, Patience);
        Assert.Equal(await first.StepsAsync(), await second.StepsAsync());
    }

    [Fact]
    public async Task Preview_shows_each_object_and_changes_nothing()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("install");

        await browser.PressAsync("Preview");

        await Expect(browser.Page.GetByText("DaemonSet topolvm-system/topolvm-node")).ToBeVisibleAsync(new() { Timeout = Patience });
        Assert.Null(portal.Storage.Installation);
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.PressAsync("Download YAML"));
        Assert.Equal("topolvm.yaml", download.SuggestedFilename);
        Assert.Contains("kind: DaemonSet", await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
