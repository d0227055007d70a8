using Portal.Core.Metrics;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>When something is full, as the pages of a volume and of a node show it.</summary>
[Collection(BrowserTests.Name)]
public sealed class OutlookTests(Chromium chromium)
{
    private const double Gi = 1L << 30;
    private const double Day = 86400;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-US", "full in about 12 days")]
    [InlineData("zh-CN", "每天增长 256 MiB，约 12 天后")]
    public async Task The_chart_goes_on_to_the_day_on_which_the_volume_is_full(string locale, string sentence)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await using var portal = await TestPortal.OnPlayedAsync(new() { Value = (key, second) => key.Metric == Metric.SizeBytes ? 10 * Gi : (7 * Gi) + ((second - now) / Day * Gi / 4) + (Math.Sin(second / 5000.0) * Gi / 40) }, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale });
        var volume = portal.Storage.Volumes.First(one => one is { Claim: not null, Node: not null, IsBlock: false, LogicalVolume: not null });

        await browser.GoToAsync($"volumes/{volume.Name.Namespace}/{volume.Name.Name}");
        var drawn = await DrawnChart.ReadAsync(browser, volume.Name.Name + "-outlook");

        await Expect(browser.Page.Locator("section:has(#future-title)")).ToContainTextAsync(sentence);
        // What was, what comes, and what it holds.
        Assert.Equal(3, drawn.Lines.Length);
        var ahead = Enumerable.Range(0, drawn.Times.Length).Where(at => drawn.Times[at] > (now + 3600) * 1000.0).ToArray();
        Assert.All(ahead, at => Assert.Null(drawn.Lines[0][at]));
        var full = drawn.Times[ahead.First(at => drawn.Lines[1][at] >= 9.99 * Gi)];
        Assert.InRange(((full / 1000) - now) / Day, 10.5, 13.5);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task The_page_of_a_node_says_how_long_the_room_of_each_volume_group_lasts()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await using var portal = await TestPortal.OnPlayedAsync(new()
        {
            Value = (key, second) => key.Metric == Metric.SizeBytes ? 100 * Gi : key.Metric == Metric.DataPercent ? 40 : (20 * Gi) - ((second - now) / Day * Gi),
        }, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var node = portal.Storage.Nodes.First(one => one.Classes.Any(capacity => capacity is { IsThin: false, VolumeGroup: not null }));
        var group = node.Classes.First(capacity => capacity is { IsThin: false, VolumeGroup: not null }).VolumeGroup;

        await browser.GoToAsync("nodes/" + node.Name);
        var drawn = await DrawnChart.ReadAsync(browser, $"{node.Name}-{group}-outlook");

        await Expect(browser.Page.Locator("section:has(#outlook-title)")).ToContainTextAsync("full in about 20 days");
        Assert.True(drawn.To > (now + (15 * Day)) * 1000);
        await Expect(DrawnChart.Find(browser, $"{node.Name}-{group}-outlook").GetByText("from the agent")).ToBeVisibleAsync();
        browser.ExpectNoComplaints();
    }
}
