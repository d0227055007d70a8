using Microsoft.Playwright;
using Portal.Hosting;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ShellTests(Chromium chromium)
{
    [Fact]
    public async Task The_language_switch_stays_on_the_page_and_is_remembered()
    {
        await using var portal = await TestPortal.StartAsync(new PortalOptions { Demo = true }, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("");
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");

        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "简体中文" }).ClickAsync();

        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("概览");
        await Expect(browser.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await browser.Page.ReloadAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("概览");
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_the_person_chooses()
    {
        await using var portal = await TestPortal.StartAsync(new PortalOptions { Demo = true }, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { ColorScheme = ColorScheme.Dark });
        await browser.GoToAsync("");
        var dark = await BackgroundAsync(browser.Page);

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        await browser.Page.ReloadAsync();
        var chosen = await BackgroundAsync(browser.Page);

        Assert.NotEqual(dark, chosen);
        await browser.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.Equal(chosen, await BackgroundAsync(browser.Page));
    }

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
