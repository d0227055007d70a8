using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ReconnectTests(Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-US", "The connection to the portal is interrupted")]
    [InlineData("zh-CN", "与 Portal 的连接已中断")]
    public async Task A_page_says_that_its_connection_is_lost_and_goes_on_where_it_was(string locale, string lost)
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, Cancel);
        await using var network = new TcpRelay(portal.Url);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale }, network.Url);
        var notice = browser.Page.GetByRole(AriaRole.Alertdialog);
        await browser.GoToAsync("install");
        await Expect(notice).ToBeHiddenAsync();
        await browser.Page.EvaluateAsync("window.isSamePage = true");

        network.Cut();
        await Expect(notice).ToBeVisibleAsync();
        await Expect(notice).ToContainTextAsync(lost);

        network.Mend();
        await Expect(notice).ToBeHiddenAsync();
        await browser.Page.Locator("nav a[href='/activity']").ClickAsync();
        await Expect(browser.Page.Locator("nav a[href='/activity'].active")).ToBeVisibleAsync();
        Assert.True(await browser.Page.EvaluateAsync<bool>("window.isSamePage === true"));
    }

    [Fact]
    public async Task A_page_is_loaded_anew_when_the_portal_was_started_again()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, Cancel);
        await using var next = await TestPortal.OnSimulatedAsync(Scenario.Bare, Cancel);
        await using var network = new TcpRelay(portal.Url);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, null, network.Url);
        await browser.GoToAsync("activity");
        await browser.Page.EvaluateAsync("document.body.dataset.isSamePage = ''");

        network.Cut();
        await Expect(browser.Page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        network.Mend(next.Url);

        await Expect(browser.Page.Locator("body:not([data-is-same-page]) main[data-interactive]")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Activity");
    }
}
