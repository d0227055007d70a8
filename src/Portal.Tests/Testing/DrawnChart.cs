using System.Text.Json;
using Microsoft.Playwright;

namespace Portal.Tests.Testing;

/// <summary>What a browser draws of a chart: its edges and moments in milliseconds since 1970, of each line the values; null is a gap.</summary>
internal sealed record DrawnChart(double From, double To, double[] Times, double?[][] Lines)
{
    public static ILocator Find(BrowserSession browser, string id) => browser.Page.Locator($".chart[data-chart={id}]");

    /// <summary>Waits until something of it is drawn.</summary>
    public static async Task<ILocator> ShownAsync(BrowserSession browser, string id)
    {
        var chart = Find(browser, id);
        await chart.ScrollIntoViewIfNeededAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(chart.Locator("canvas")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        return chart;
    }

    public static async Task<DrawnChart> ReadAsync(BrowserSession browser, string id)
    {
        var drawn = await (await ShownAsync(browser, id)).EvaluateAsync<JsonElement>("async chart => (await import('./Components/Charts/TimeChart.razor.js')).drawn(chart)");
        return drawn.Deserialize<DrawnChart>(JsonSerializerOptions.Web)!;
    }
}
