using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Walks through the user guide, and takes its pictures when the environment variable GUIDE_IMAGES names a folder for them.</summary>
[Collection(BrowserTests.Name)]
public sealed class GuideTests(Chromium chromium)
{
    private static readonly string? Images = Environment.GetEnvironmentVariable("GUIDE_IMAGES");

    [Theory]
    [InlineData("en-US", "en", "Install TopoLVM", "done")]
    [InlineData("zh-CN", "zh-CN", "安装 TopoLVM", "完成")]
    public async Task The_guide_can_be_followed(string locale, string language, string install, string done)
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Demo, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale, ViewportSize = new() { Width = 1280, Height = 800 } });
        await browser.GoToAsync("install");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = install, Exact = true })).ToBeEnabledAsync(new() { Timeout = 60_000 });
        await PictureAsync(browser, "install", language);

        await browser.PressAsync(install);
        await Expect(browser.Page.Locator("ol.steps > li").Nth(9)).ToBeVisibleAsync();
        await PictureAsync(browser, "steps", language);
        await browser.ExpectAllStepsAsync(done, atLeast: 10, timeout: 120_000);

        await browser.GoToAsync("");
        await Expect(browser.Page.GetByText("GiB").First).ToBeVisibleAsync();
        await PictureAsync(browser, "overview", language);
        await browser.GoToAsync("activity");
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await PictureAsync(browser, "activity", language);
        browser.ExpectNoComplaints();
    }

    [Theory]
    [InlineData("en-US", "en")]
    [InlineData("zh-CN", "zh-CN")]
    public async Task The_pages_of_a_site_in_use_are_as_the_guide_shows_them(string locale, string language)
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.Storage, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale, ViewportSize = new() { Width = 1280, Height = 800 } });
        (string Picture, string Path, string Shows)[] pages =
        [
            ("nodes", "nodes", "table.plain tbody th"), ("node", "nodes/edge-hangzhou-1", "text=Simulated disk"), ("setup", "nodes/edge-wenzhou-1?setup=steps&disks=/dev/vdb", "li[aria-current=step] button"),
            ("device-classes", "device-classes", "text=spare-gb"), ("volumes", "volumes", "table.plain tbody th"), ("scheduling", "scheduling", "h2"), ("why", "why", "h2"), ("settings", "settings", "h2"),
            ("monitoring", "monitoring?range=5m", ".chart canvas"),
            ("alerts", "alerts", "table.plain tbody th"),
        ];
        foreach (var (picture, path, shows) in pages)
        {
            await browser.GoToAsync(path);
            await Expect(browser.Page.Locator(shows).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
            // A line that has just begun shows nothing.
            if (Images is not null && picture == "monitoring") await Task.Delay(TimeSpan.FromMinutes(4), TestContext.Current.CancellationToken);
            await PictureAsync(browser, picture, language);
        }
        browser.ExpectNoComplaints();
    }

    private static async Task PictureAsync(BrowserSession browser, string page, string language)
    {
        if (Images is null) return;
        await browser.Page.EvaluateAsync("window.scrollTo(0, 0)");
        await browser.Page.ScreenshotAsync(new() { Path = Path.Combine(Images, $"{page}.{language}.png"), Type = ScreenshotType.Png });
    }
}
