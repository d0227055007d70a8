using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using Portal.Components.Charts;
using Portal.Core.Metrics;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Bench;

/// <summary>What a chart that gets a point per line each second costs: the browser's main thread, the portal, the wire.</summary>
public static class ChartCost
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // The figure as TimeChart.razor renders it.
    private const string Make = """
        async lines => {
          const figure = document.createElement('figure');
          figure.className = 'chart';
          figure.style.cssText = 'inline-size: 1200px';
          figure.innerHTML = '<span class="at"></span><div class="plot" style="block-size: 400px"></div><p class="said"></p><ul class="legend">'
            + Array.from({ length: lines }, (_, at) => `<li><button data-line="${at}"></button><span class="value"></span></li>`).join('') + '</ul>';
          document.querySelector('main').prepend(figure);
          const module = await import('./Components/Charts/TimeChart.razor.js');
          module.create(figure, null, 'en');
          globalThis.showChart = (update, bytes) => module.show(figure, JSON.parse(update), Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0)));
        }
        """;

    public static async Task PrintAsync(int series, int points, int updates)
    {
        using var folder = new TemporaryFolder();
        // An empty cluster: the page around the chart does nothing meanwhile.
        await using var cluster = await SimulatedCluster.StartAsync(new Scenario("empty", []), null, CancellationToken.None);
        await using var portal = await PortalProcess.StartAsync(PlainKubeconfig.Write(folder, cluster.Connection.Server), folder.Path, CancellationToken.None);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--no-first-run"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1500, Height = 900 } });
        await page.GotoAsync(portal.Url + "activity");
        await Assertions.Expect(page.Locator("main[data-interactive]")).ToBeAttachedAsync();
        var protocol = await page.Context.NewCDPSessionAsync(page);
        await protocol.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });

        var idle = await BusyAsync(protocol, () => Task.Delay(TimeSpan.FromSeconds(updates)));
        await page.EvaluateAsync(Make, series);
        ShownChart? shown = null;
        var (made, sent) = (TimeSpan.Zero, 0L);
        var first = await BusyAsync(protocol, () => ShowAsync(0));
        Console.WriteLine(Figure.Line("first picture: main thread", (first - (idle / updates)) * 1000, "ms"));
        Console.WriteLine(Figure.Line("first picture: sent", sent / 1024.0, "KiB"));

        (made, sent) = (TimeSpan.Zero, 0);
        var busy = await BusyAsync(protocol, async () =>
        {
            for (var update = 1; update <= updates; update++) await ShowAsync(update);
        });
        Console.WriteLine(Figure.Line("update: main thread", (busy - idle) * 1000 / updates, "ms"));
        Console.WriteLine(Figure.Line("update: portal", made.TotalMilliseconds / updates, "ms"));
        Console.WriteLine(Figure.Line("update: sent", sent / (double)updates, "bytes"));
        Console.WriteLine(Figure.Line("page without the chart: main thread a second", idle * 1000 / updates, "ms"));

        async Task ShowAsync(int second)
        {
            var spec = Spec(series, points, second);
            var began = Stopwatch.GetTimestamp();
            (var update, shown) = ChartUpdate.Between(shown, spec);
            made += Stopwatch.GetElapsedTime(began);
            var message = JsonSerializer.Serialize(update, JsonSerializerOptions.Web);
            sent += message.Length + update.Numbers.Length;
            if (!await page.EvaluateAsync<bool>("([update, bytes]) => showChart(update, bytes)", new[] { message, Convert.ToBase64String(update.Numbers) }))
                throw new InvalidOperationException("The browser has another version of the chart.");
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static ChartSpec Spec(int series, int points, int second) => new("bench", "Bench", MetricUnit.BytesPerSecond,
        [.. Enumerable.Range(0, series).Select(line => new ChartLine("line " + line, [.. Enumerable.Range(second, points).Select(at => MetricPoint.One(Start.AddSeconds(at).ToUnixTimeMilliseconds(), Value(line, at)))]))],
        Start.AddSeconds(second), Start.AddSeconds(second + points));

    private static double Value(int line, int at) => 1e6 * (line + 2 + Math.Sin((at + (line * 7)) / 20.0));

    /// <summary>Seconds of the main thread's processor time.</summary>
    private static async Task<double> BusyAsync(ICDPSession protocol, Func<Task> act)
    {
        var before = await ReadAsync(protocol);
        await act();
        return await ReadAsync(protocol) - before;
    }

    private static async Task<double> ReadAsync(ICDPSession protocol) => (await protocol.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
        .Single(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
}
