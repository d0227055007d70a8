using Portal.Tests.Portal.Metrics;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A chart that is open while the agent of its node cannot reach the portal for an hour.</summary>
[Collection(BrowserTests.Name)]
public sealed class CutOffChartTests(Chromium chromium)
{
    private const string Chart = LoadedNode.Name + "-throughput";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-US", $"Node {LoadedNode.Name} has been cut off since ", "; its numbers arrive when it is back.")]
    [InlineData("zh-CN", $"节点 {LoadedNode.Name} 自 ", "；恢复连接后会补上其数据。")]
    public async Task It_says_since_when_and_fills_in_when_the_agent_is_back(string locale, string begin, string end)
    {
        await using var node = await LoadedNode.StartAsync(Cancel);
        node.Work(TimeSpan.FromMinutes(3));
        await node.CaughtUpAsync(Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, node.Portal, new() { Locale = locale, TimezoneId = "Asia/Shanghai" });
        await browser.GoToAsync($"nodes/{LoadedNode.Name}?range=6h");
        var chart = await DrawnChart.ShownAsync(browser, Chart);
        await browser.Page.EvaluateAsync("window.isSamePage = true");
        await Expect(chart.Locator(".away")).ToHaveCountAsync(0);

        var cutAt = node.Now;
        node.Network.Cut();
        await Expect(chart.Locator(".away")).ToContainTextAsync(begin);
        node.Work(TimeSpan.FromMinutes(50));
        // What happens to a node may happen while nobody can see it.
        node.Reboot(TimeSpan.FromMinutes(3));
        node.Work(TimeSpan.FromMinutes(7));
        await Expect(chart.Locator(".away")).ToContainTextAsync(TimeZoneInfo.ConvertTime(cutAt, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await Expect(chart.Locator(".away")).ToContainTextAsync(end);
        await Eventually.PassesAsync(async () =>
        {
            var drawn = await DrawnChart.ReadAsync(browser, Chart);
            Assert.True(drawn.To > (cutAt + Hour).ToUnixTimeMilliseconds());
            Assert.DoesNotContain(Points(drawn), point => point.At > cutAt.ToUnixTimeMilliseconds());
        }, Cancel);
        // The last minutes have nothing at all.
        await browser.GoToAsync($"nodes/{LoadedNode.Name}");
        await Expect(DrawnChart.Find(browser, Chart).Locator(".away")).ToContainTextAsync(begin, new() { Timeout = 60_000 });
        await Expect(DrawnChart.Find(browser, Chart).Locator(".empty")).ToBeVisibleAsync();
        await browser.Page.EvaluateAsync("window.isSamePage = true");

        node.Network.Mend();
        await node.CaughtUpAsync(Cancel);
        node.Work(TimeSpan.FromSeconds(30));
        await Expect(DrawnChart.Find(browser, Chart).Locator(".away")).ToHaveCountAsync(0);
        await ExpectFilledAsync(node, browser, isLive: true);
        Assert.True(await browser.Page.EvaluateAsync<bool>("window.isSamePage === true"));
        await browser.GoToAsync($"nodes/{LoadedNode.Name}?range=6h");
        await ExpectFilledAsync(node, browser, isLive: false);
        browser.ExpectNoComplaints();
    }

    /// <summary>What is drawn is what was counted, no more at any moment than the node can do, and null alone where the node was down.</summary>
    /// <param name="isLive">A point has the moment at which its time ended, and not that at which it began.</param>
    private static Task ExpectFilledAsync(LoadedNode node, BrowserSession browser, bool isLive) => Eventually.PassesAsync(async () =>
    {
        var drawn = await DrawnChart.ReadAsync(browser, Chart);
        var points = Points(drawn).ToArray();
        Assert.True(points[^1].At > (node.Now - TimeSpan.FromMinutes(2)).ToUnixTimeMilliseconds());
        Assert.All(points, point => Assert.InRange(point.Value ?? 0, 0, LoadedNode.Fastest * 1.001));
        var charted = points.Zip(points.Skip(1)).Sum(pair => ((isLive ? pair.Second : pair.First).Value ?? 0) * (pair.Second.At - pair.First.At) / 1000);
        var counted = node.CountedIn((long)points[0].At, (long)points[^1].At).Bytes;
        Assert.InRange(charted, counted * 0.98, counted * 1.02);
        Assert.Contains(points[1..^1], point => point.Value is null);
    }, Cancel);

    private static IEnumerable<(double At, double? Value)> Points(DrawnChart drawn)
    {
        var written = drawn.Lines[1];
        for (var at = 0; at < drawn.Times.Length; at++)
            if (at < written.Length) yield return (drawn.Times[at], written[at]);
    }
}
