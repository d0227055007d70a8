using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed partial class ChartTests(Chromium chromium)
{
    // Some part of the past, which stays as it is.
    private const string Past = "monitoring?from=2026-11-27T10:00:00Z&to=2026-11-27T10:10:00Z";
    private const long PastSecond = 1795773600;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chart_goes_on_by_what_is_new_alone()
    {
        await using var portal = await TestPortal.OnPlayedAsync(new() { Value = (_, second) => second % 60 }, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var received = 0L;
        browser.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => Interlocked.Add(ref received, frame.Binary?.Length ?? frame.Text?.Length ?? 0);
        await browser.GoToAsync("monitoring");
        var first = await DrawnChart.ReadAsync(browser, "cluster-throughput");
        var before = Interlocked.Read(ref received);

        await Eventually.PassesAsync(async () => Assert.True((await DrawnChart.ReadAsync(browser, "cluster-throughput")).Times[^1] >= first.Times[^1] + 20_000), Cancel);

        var later = await DrawnChart.ReadAsync(browser, "cluster-throughput");
        var seconds = (later.Times[^1] - first.Times[^1]) / 1000;
        Assert.All(later.Times.Zip(later.Lines[0]), point => Assert.Equal(point.First / 1000 % 60, point.Second));
        Assert.InRange(later.Times.Length, 85, 91);
        Assert.InRange((Interlocked.Read(ref received) - before) / seconds, 1, 6000);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_gap_is_drawn_as_a_gap()
    {
        await using var portal = await TestPortal.OnPlayedAsync(new() { Value = (_, second) => second is > PastSecond + 200 and < PastSecond + 400 ? double.NaN : 100 }, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync(Past);

        var drawn = await DrawnChart.ReadAsync(browser, "cluster-throughput");

        Assert.Equal(19, drawn.Lines[0].Count(value => value is null));
        Assert.True(await IsInkAtAsync(browser, "cluster-throughput", PastSecond + 100));
        Assert.False(await IsInkAtAsync(browser, "cluster-throughput", PastSecond + 300));
        Assert.True(await IsInkAtAsync(browser, "cluster-throughput", PastSecond + 500));
    }

    [Theory]
    [InlineData("en-US", "Table of Throughput", "Read", "Time (UTC)")]
    [InlineData("zh-CN", "吞吐量的表格", "读", "时间（UTC）")]
    public async Task Table_and_file_hold_what_is_drawn(string locale, string table, string read, string time)
    {
        await using var portal = await TestPortal.OnPlayedAsync(new() { Value = (_, second) => second - PastSecond }, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale, TimezoneId = "Asia/Shanghai" });
        await browser.GoToAsync(Past);
        await browser.PressAsync(table);
        var chart = Chart(browser, "cluster-throughput");

        await Expect(chart.Locator("thead th").Nth(1)).ToHaveTextAsync(read);
        // Six in the evening in Shanghai; 600 seconds are 600 bytes a second.
        await Expect(chart.Locator("tbody th").First).ToHaveTextAsync(ShanghaiEvening());
        await Expect(chart.Locator("tbody td").First).ToHaveTextAsync(new Regex("^600 B/"));
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => chart.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), Cancel);
        var drawn = await DrawnChart.ReadAsync(browser, "cluster-throughput");
        Assert.Equal("cluster-throughput.csv", download.SuggestedFilename);
        Assert.StartsWith(time, lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Equal(drawn.Times.Zip(drawn.Lines[0], drawn.Lines[1]).Select(row => Invariant($"{DateTimeOffset.FromUnixTimeMilliseconds((long)row.First).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},{row.Second},{row.Third}")), lines[1..]);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task Dragging_looks_closer_and_the_url_keeps_it()
    {
        await using var portal = await TestPortal.OnPlayedAsync(new() { Value = (_, second) => second % 60 }, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { TimezoneId = "UTC" });
        await browser.GoToAsync(Past);
        var over = Chart(browser, "cluster-operations").Locator(".u-over");
        // What stands below has come, and the chart stands still.
        await Expect(browser.Page.Locator("section:has(#fill-title) a").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await over.HoverAsync(new() { Timeout = 60_000 });
        var box = await over.BoundingBoxAsync() ?? throw new InvalidOperationException("Nothing is drawn.");

        await browser.Page.Mouse.MoveAsync(box.X + (box.Width / 4), box.Y + 20);
        await browser.Page.Mouse.DownAsync();
        await browser.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 20, new() { Steps = 5 });
        // A browser that is slow marks the stretch later than the mouse has moved.
        await Expect(Chart(browser, "cluster-operations").Locator(".u-select")).Not.ToHaveCSSAsync("width", "0px");
        await browser.Page.Mouse.UpAsync();

        await Expect(browser.Page).ToHaveURLAsync(new Regex("from=2026-11-27T10%3A02%3A.*to=2026-11-27T10%3A0"));
        await browser.Page.ReloadAsync();
        var drawn = await DrawnChart.ReadAsync(browser, "cluster-throughput");
        Assert.InRange(drawn.From, (PastSecond + 140) * 1000, (PastSecond + 160) * 1000);
        Assert.InRange(drawn.To, (PastSecond + 295) * 1000, (PastSecond + 305) * 1000);

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "1 h", Exact = true }).ClickAsync();
        await Expect(browser.Page).ToHaveURLAsync(new Regex("monitoring\\?range=1h$"));
    }

    [Fact]
    public async Task A_chart_answers_to_the_keyboard_in_words()
    {
        await using var portal = await TestPortal.OnPlayedAsync(new() { Value = (_, second) => second - PastSecond }, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { TimezoneId = "UTC" });
        await browser.GoToAsync(Past);
        var plot = Chart(browser, "cluster-queue").Locator(".plot");
        await Expect(plot).ToHaveAttributeAsync("aria-label", "Requests under way");
        await Expect(browser.Page.Locator($"#{(await plot.GetAttributeAsync("aria-describedby"))!.Split(' ')[0]}")).ToContainTextAsync("lowest 10, highest 600, rising.");

        // Keys are for a chart that is drawn; the words were there before.
        await DrawnChart.ShownAsync(browser, "cluster-queue");
        await plot.FocusAsync();
        await plot.PressAsync("End");
        await plot.PressAsync("ArrowLeft");

        await Expect(Chart(browser, "cluster-queue").Locator(".said")).ToContainTextAsync("Queue 590");
        // The cursor goes in step through the charts of the page.
        await Expect(Chart(browser, "cluster-throughput").Locator(".legend .value").First).ToHaveTextAsync("590 B/s");
        await plot.PressAsync("Shift+PageUp");
        await plot.PressAsync("Enter");
        await Expect(browser.Page).ToHaveURLAsync(new Regex("from=2026-11-27T10%3A06%3A30Z&to=2026-11-27T10%3A09%3A50Z"));
    }

    [Fact]
    public async Task A_chart_takes_the_colours_of_light_and_dark_and_becomes_a_picture()
    {
        await using var portal = await TestPortal.OnPlayedAsync(new() { Value = (_, second) => second % 60 }, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { ColorScheme = ColorScheme.Light });
        await browser.GoToAsync(Past);
        var light = await InkAsync(browser, "cluster-throughput");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();

        await Eventually.PassesAsync(async () => Assert.NotEqual(light, await InkAsync(browser, "cluster-throughput")), Cancel);
        var picture = await browser.Page.RunAndWaitForDownloadAsync(() => browser.PressAsync("Save Throughput as an image"));
        Assert.Equal("cluster-throughput.png", picture.SuggestedFilename);
        Assert.True(new FileInfo(await picture.PathAsync()).Length > 2000);
    }

    [Fact]
    public async Task A_chart_without_points_says_why_and_what_to_do()
    {
        await using var portal = await TestPortal.OnPlayedAsync(new(), Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("monitoring");

        await Expect(browser.Page.Locator(".charts")).ToContainTextAsync("Put the agent on your nodes; Nodes shows which of them have one.");
    }

    private static ILocator Chart(BrowserSession browser, string id) => DrawnChart.Find(browser, id);

    // Whether the first line is drawn at a moment: a column of pixels that has its colour.
    private static async Task<bool> IsInkAtAsync(BrowserSession browser, string id, long second) => await (await DrawnChart.ShownAsync(browser, id)).EvaluateAsync<bool>(
        """
        async (chart, time) => {
          const { from, to } = (await import('./Components/Charts/TimeChart.razor.js')).drawn(chart);
          const canvas = chart.querySelector('canvas');
          const [over, whole] = [chart.querySelector('.u-over').getBoundingClientRect(), canvas.getBoundingClientRect()];
          const scale = canvas.width / whole.width;
          const x = Math.round((over.left - whole.left + over.width * (time - from) / (to - from)) * scale);
          const pixels = canvas.getContext('2d').getImageData(x, Math.round((over.top - whole.top) * scale), 1, Math.round(over.height * scale)).data;
          for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] > 200) return true;
          return false;
        }
        """, second * 1000);

    // The most frequent strong colour of the picture.
    private static async Task<string> InkAsync(BrowserSession browser, string id) => await (await DrawnChart.ShownAsync(browser, id)).EvaluateAsync<string>(
        """
        chart => {
          const canvas = chart.querySelector('canvas');
          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          const counts = {};
          for (let at = 0; at < pixels.length; at += 4) {
            if (pixels[at + 3] < 250) continue;
            const colour = pixels.slice(at, at + 3).join();
            counts[colour] = (counts[colour] ?? 0) + 1;
          }
          return Object.entries(counts).sort((one, other) => other[1] - one[1])[0]?.[0] ?? '';
        }
        """);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(6:10:00\sPM|18:10:00)$")]
    private static partial Regex ShanghaiEvening();
}
