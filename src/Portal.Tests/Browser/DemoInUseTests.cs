using Microsoft.Extensions.DependencyInjection;
using Portal.Hosting;
using Portal.Simulator.Life;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What a newcomer sees of the demo in use.</summary>
[Collection(BrowserTests.Name)]
public sealed class DemoInUseTests(Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-US", "is made up", "full in about 1")]
    [InlineData("zh-CN", "之前的内容是生成的", "每天增长 12 GiB，约 1")]
    public async Task Charts_reach_back_a_month_and_the_page_says_that_this_is_made_and_where_it_leads(string locale, string banner, string outlook)
    {
        await using var portal = await TestPortal.StartAsync(new PortalOptions { Demo = true, DemoInUse = true, DemoAgents = true }, Cancel, services => services.AddSingleton(Pace.Instant));
        await Eventually.PassesAsync(() => Assert.True(portal.Storage.IsComplete), Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale });

        await browser.GoToAsync("nodes/edge-hangzhou-1?range=30d");
        var drawn = await DrawnChart.ReadAsync(browser, "edge-hangzhou-1-myvg1-outlook");

        await Expect(browser.Page.GetByText(banner)).ToBeVisibleAsync();
        await Expect(browser.Page.Locator("section:has(#outlook-title)")).ToContainTextAsync(outlook);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var known = drawn.Times.Where((_, at) => drawn.Lines[0][at] is not null).ToArray();
        Assert.InRange((now - known[0]) / 86_400_000, 28, 31);
        Assert.InRange((drawn.To - now) / 86_400_000, 10, 20);
        browser.ExpectNoComplaints();
    }
}
