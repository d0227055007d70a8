using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class StopTests(Chromium chromium)
{
    [Fact]
    public async Task Stop_ends_an_install_that_waits_and_Resume_finishes_it()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        // The controller runs on the control plane; while its node is cut off, the install waits for it.
        var master = portal.Simulated.Node(Scenario.Bare.Nodes[0].Name);
        master.TakeOffline();
        await browser.GoToAsync("install");
        await browser.PressAsync("Install TopoLVM");
        await Expect(browser.Page.Locator("ol.steps > li.running")).ToContainTextAsync("Wait for the controller");

        await browser.PressAsync("Stop");

        await Expect(browser.Page.Locator(".facts")).ToContainTextAsync("Stopped");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" })).ToHaveCountAsync(0);
        Assert.All((await browser.StepsAsync()).SkipWhile(step => step != "Wait for the controller waiting"), step => Assert.EndsWith(" waiting", step, StringComparison.Ordinal));
        Assert.Empty(portal.Cluster.Webhooks.Items);

        master.BringOnline();
        await browser.PressAsync("Resume");

        await browser.ExpectAllStepsAsync("done", atLeast: 10, 120_000);
        await Eventually.PassesAsync(() => Assert.NotEmpty(portal.Cluster.Webhooks.Items), TestContext.Current.CancellationToken);
        browser.ExpectNoComplaints();
    }
}
