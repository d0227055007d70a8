using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class LiveChartTests(Chromium chromium)
{
    private const string Node = "edge-hangzhou-1";
    private const string Disk = "nvme0n1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_chart_of_a_node_shows_what_its_agent_measures_each_second()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("nodes/" + Node);
        var live = portal.Services.GetRequiredService<LiveMetrics>();
        var written = new SeriesKey(Measured.Disk(Node, Disk), Metric.WriteThroughput);
        await Expect(Legend(browser)).ToBeVisibleAsync(new() { Timeout = 60_000 });

        // Every second has a point of its own now, and the newest one is hardly older than its way takes.
        await Eventually.PassesAsync(async () =>
        {
            var drawn = await DrawnChart.ReadAsync(browser, Node + "-throughput");
            var known = live.Points(written, 0).ToDictionary(point => point.At, point => (float)point.Average);
            var line = await LineAsync(browser);
            var seen = drawn.Times.Zip(drawn.Lines[line]).Where(point => known.ContainsKey((long)point.First)).ToArray();
            Assert.True(seen.Length >= 5);
            Assert.All(seen, point => Assert.Equal(known[(long)point.First], (float?)point.Second ?? float.NaN));
            Assert.InRange(seen[^1].First - seen[^5].First, 3500, 5500);
            Assert.InRange(portal.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds() - seen[^1].First, -1000, 4000);
        }, Cancel);

        Assert.Equal(AgentPace.Watched, portal.Services.GetRequiredService<AgentRegistry>().PaceOf(Node));
        await browser.GoToAsync("activity");
        await Eventually.PassesAsync(() => Assert.Equal(AgentPace.Unwatched, portal.Services.GetRequiredService<AgentRegistry>().PaceOf(Node)), Cancel);
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_chart_goes_on_after_the_connection_was_lost()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.Storage, Cancel);
        await using var network = new TcpRelay(portal.Url);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, null, network.Url);
        await browser.GoToAsync("nodes/" + Node);
        var before = await DrawnChart.ReadAsync(browser, Node + "-throughput");
        await browser.Page.EvaluateAsync("window.isSamePage = true");

        network.Cut();
        await Expect(browser.Page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        network.Mend();
        await Expect(browser.Page.GetByRole(AriaRole.Alertdialog)).ToBeHiddenAsync();

        await Eventually.PassesAsync(async () => Assert.True((await DrawnChart.ReadAsync(browser, Node + "-throughput")).Times[^1] > before.Times[^1] + 10_000), Cancel);
        Assert.True(await browser.Page.EvaluateAsync<bool>("window.isSamePage === true"));
    }

    [Fact]
    public async Task The_busiest_volumes_are_named_by_their_claims()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.Storage, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("monitoring?sort=-operations&namespace=mes");
        var rows = browser.Page.Locator("section:has(#talkers-title) tbody tr:has(th)");

        await Expect(rows.First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        foreach (var name in await rows.Locator("th a").AllInnerTextsAsync()) Assert.StartsWith("mes/", name, StringComparison.Ordinal);
        await Expect(browser.Page.Locator("th[aria-sort=descending]")).ToHaveTextAsync("Operationsarrow_upward");

        await browser.Page.Locator(".choice").GetByRole(AriaRole.Button, new() { Name = "Nodes" }).ClickAsync();
        await Expect(rows.First.Locator("a")).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("^/nodes/edge-"));
        await Expect(browser.Page).ToHaveURLAsync(new Regex("^(?!.*namespace).*of=nodes"));

        await browser.Page.Locator("section:has(#fill-title) a").First.ClickAsync();
        await Expect(browser.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/nodes/edge-"));
        browser.ExpectNoComplaints();
    }

    private static ILocator Legend(BrowserSession browser) =>
        DrawnChart.Find(browser, Node + "-throughput").GetByRole(AriaRole.Button, new() { Name = Disk + ", Write" });

    private static async Task<int> LineAsync(BrowserSession browser) => int.Parse(await Legend(browser).GetAttributeAsync("data-line") ?? "", System.Globalization.CultureInfo.InvariantCulture);
}
