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

    /// <summary>How many pixels of the picture have just the colour of a line.</summary>
    public static async Task<int> PixelsAsync(BrowserSession browser, string id, int line) => await (await ShownAsync(browser, id)).EvaluateAsync<int>(
        """
        (chart, line) => {
          const colour = getComputedStyle(chart.querySelector(`button[data-line="${line}"] .swatch`)).backgroundColor.match(/[0-9]+/g).slice(0, 3).join();
          const canvas = chart.querySelector('canvas');
          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          let found = 0;
          for (let at = 0; at < pixels.length; at += 4) if (pixels.slice(at, at + 3).join() === colour) found++;
          return found;
        }
        """, line);
}
