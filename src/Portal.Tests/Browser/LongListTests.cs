using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class LongListTests(Chromium chromium)
{
    private const int Nodes = 150;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_row_of_a_long_list_is_reached_by_scrolling_and_only_rows_in_sight_are_sent()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Large(Nodes, 2 * Nodes), Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("volumes?sort=-name");
        var rows = browser.Page.Locator("table.plain tbody th[scope=row]");
        await Expect(rows.First).ToBeVisibleAsync();
        var names = portal.Storage.Volumes.Select(volume => volume.Name.ToString()).Order(StringComparer.OrdinalIgnoreCase).ToArray();
        await Expect(rows.First).ToHaveTextAsync(names[^1]);
        Assert.InRange(await rows.CountAsync(), 5, 60);

        await browser.Page.Locator(".scrolls").EvaluateAsync("list => list.scrollTo(0, list.scrollHeight)");

        await Expect(rows.Last).ToHaveTextAsync(names[0]);
        Assert.InRange(await rows.CountAsync(), 5, 60);
        await Expect(browser.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" })).ToBeInViewportAsync();
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_choice_of_many_values_is_typed_with_suggestions()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Large(Nodes, 2 * Nodes), Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var node = portal.Storage.Volumes[0].Node!;
        await browser.GoToAsync("volumes");
        var choice = browser.Page.GetByRole(AriaRole.Combobox, new() { Name = "Node" });

        await choice.PressSequentiallyAsync(node[..^1]);
        await Expect(browser.Page.Locator($"datalist option[value='{node}']")).ToHaveCountAsync(1);
        await choice.FillAsync(node);
        await choice.PressAsync("Enter");

        await Expect(browser.Page.Locator(".tools [role=status]")).ToHaveTextAsync($"2 of {2 * Nodes}");
        Assert.Contains("node=" + node, browser.Page.Url, StringComparison.Ordinal);
        await choice.FillAsync("");
        await choice.PressAsync("Enter");
        await Expect(browser.Page.Locator(".tools [role=status]")).ToHaveTextAsync($"{2 * Nodes} in all");
        browser.ExpectNoComplaints();
    }
}
