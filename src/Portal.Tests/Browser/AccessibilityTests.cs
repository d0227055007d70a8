using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core.Agents;
using Portal.Simulator;
using Portal.Tests.Core.NodeCommands;
using Portal.Tests.Testing;

namespace Portal.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(Chromium chromium)
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(Repository.Root, "node_modules", "axe-core", "axe.min.js"));

    public static TheoryData<ColorScheme, int> Views => new()
    {
        { ColorScheme.Light, 1280 }, { ColorScheme.Dark, 1280 }, { ColorScheme.Light, 390 }, { ColorScheme.Dark, 390 },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task No_page_breaks_a_rule_of_accessibility(ColorScheme scheme, int width)
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 }, BypassCSP = true });
        var broken = new List<string>();
        await CheckAsync("", "activity", "scheduling", "install");
        await browser.PressAsync("Install TopoLVM");
        await browser.ExpectAllStepsAsync("done", atLeast: 10, 120_000);
        var agent = new PlayedAgent(portal.Services.GetRequiredService<AgentRegistry>(), "edge-hangzhou-1", NodeDisksJourneyTests.Node);
        agent.Connect();
        await agent.RefreshAsync(TestContext.Current.CancellationToken);
        await CheckAsync("", "activity", "activity/1", "alerts", "alerts/settings", "device-classes", "install", "monitoring", "nodes", "nodes/edge-hangzhou-1", "scheduling", "settings", "why", "why?kind=node&name=edge-ningbo-1", "volumes", "volumes/left-over", "nowhere");

        await browser.GoToAsync("nodes/edge-hangzhou-1");
        await browser.PressAsync("Create volume group");
        await browser.Page.GetByLabel("Name of the volume group").FillAsync("fast");
        await browser.Page.GetByRole(AriaRole.Dialog).GetByLabel("/dev/vdc").CheckAsync();
        await browser.Page.GetByLabel("Type fast to confirm").WaitForAsync();
        broken.AddRange((await ViolationsAsync(browser.Page)).Select(rule => "Create volume group: " + rule));

        Assert.Empty(broken);

        async Task CheckAsync(params string[] paths)
        {
            foreach (var path in paths)
            {
                await browser.GoToAsync(path);
                broken.AddRange((await ViolationsAsync(browser.Page)).Select(rule => $"/{path}: {rule}"));
                if (await browser.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth")) broken.Add($"/{path} is wider than {width} px");
            }
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task No_chart_breaks_a_rule_of_accessibility(ColorScheme scheme, int width)
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.Storage, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 }, BypassCSP = true });
        var broken = new List<string>();
        foreach (var (path, chart, title) in new[] { ("nodes/edge-hangzhou-1", "edge-hangzhou-1-throughput", "Throughput"), ("monitoring", "cluster-operations", "Operations"), ("", "cluster-throughput", "Throughput") })
        {
            await browser.GoToAsync(path);
            await DrawnChart.ShownAsync(browser, chart);
            await browser.PressAsync("Table of " + title);
            await DrawnChart.Find(browser, chart).Locator("tbody th").First.WaitForAsync();
            broken.AddRange((await ViolationsAsync(browser.Page)).Select(rule => $"/{path}: {rule}"));
            if (await browser.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth")) broken.Add($"/{path} is wider than {width} px");
        }
        Assert.Empty(broken);
    }

    private static async Task<IEnumerable<string>> ViolationsAsync(IPage page)
    {
        await page.EvaluateAsync(Axe);
        var result = await page.EvaluateAsync<JsonElement>("axe.run().then(found => found.violations.map(rule => ({ id: rule.id, where: rule.nodes.map(node => node.html).join(' | ') })))");
        return result.EnumerateArray().Select(rule => $"{rule.GetProperty("id").GetString()} at {rule.GetProperty("where").GetString()}");
    }
}
