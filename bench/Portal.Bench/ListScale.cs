using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Portal.Tests.Testing;

namespace Portal.Bench;

// Portal and simulated cluster run as processes of their own: the portal's memory is counted alone, and neither takes the time that
// this process needs to measure.

/// <summary>The list pages on a large cluster: first paint, bytes to the browser, a search, and the portal's memory.</summary>
public static class ListScale
{
    private static readonly string[] Pages = ["nodes", "volumes"];

    // From the start of the navigation until the first row of the list is painted, in ms.
    private const string FirstRow = """
        () => new Promise(seen => {
          const look = () => {
            if (!document.querySelector('main[data-interactive] table.plain tbody th[scope=row]')) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => seen(performance.now())));
          };
          const observer = new MutationObserver(look);
          observer.observe(document, { subtree: true, childList: true, attributes: true });
          look();
        })
        """;

    // From the key press until the list says another count and has been painted.
    private const string Search = """
        text => new Promise(seen => {
          const count = document.querySelector('.tools [role=status]');
          const before = count.textContent;
          const began = performance.now();
          const observer = new MutationObserver(() => {
            if (count.textContent === before) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => seen(performance.now() - began)));
          });
          observer.observe(count, { subtree: true, childList: true, characterData: true });
          const input = document.querySelector('.tools input[type=search]');
          input.value = text;
          input.dispatchEvent(new Event('input', { bubbles: true }));
        })
        """;

    public static async Task PrintAsync(int nodes, int volumes, int rounds)
    {
        var began = Stopwatch.StartNew();
        await using var cluster = await ClusterProcess.StartAsync(nodes, volumes);
        Console.WriteLine(Figure.Line("simulated cluster ready", began.Elapsed.TotalSeconds, "s"));
        using var folder = new TemporaryFolder();
        began.Restart();
        await using var portal = await PortalProcess.StartAsync(PlainKubeconfig.Write(folder, cluster.Server), folder.Path, CancellationToken.None);
        await portal.ReadyAsync();
        Console.WriteLine(Figure.Line("portal has read the cluster", began.Elapsed.TotalSeconds, "s"));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu"],
        });
        Console.WriteLine(Samples.Heads);
        foreach (var path in Pages) await PrintPageAsync(browser, portal.Url, path, rounds);
        Console.WriteLine(Figure.Line("portal's memory (resident, highest)", ProcessUse.OfPortal(folder.Path).HighestBytes / 1024.0 / 1024, "MiB"));
    }

    private static async Task PrintPageAsync(IBrowser browser, Uri portal, string path, int rounds)
    {
        List<TimeSpan> paints = [], searches = [];
        long bytes = 0;
        await using var context = await browser.NewContextAsync(new() { BaseURL = portal.ToString() });
        for (var round = 0; round < rounds; round++)
        {
            var page = await context.NewPageAsync();
            var network = await context.NewCDPSessionAsync(page);
            var received = 0L;
            var documents = new HashSet<string>();
            network.Event("Network.requestWillBeSent").OnEvent += (_, data) =>
            {
                if (data!.Value.GetProperty("type").GetString() == "Document") documents.Add(data.Value.GetProperty("requestId").GetString()!);
            };
            network.Event("Network.dataReceived").OnEvent += (_, data) =>
            {
                if (documents.Contains(data!.Value.GetProperty("requestId").GetString()!)) received += data.Value.GetProperty("dataLength").GetInt64();
            };
            // The protocol tells binary messages as base64: four characters for three bytes.
            network.Event("Network.webSocketFrameReceived").OnEvent += (_, data) => received += data!.Value.GetProperty("response").GetProperty("payloadData").GetString()!.Length * 3 / 4;
            await network.SendAsync("Network.enable");
            await page.GotoAsync("/" + path, new() { WaitUntil = WaitUntilState.Commit });
            paints.Add(TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>(FirstRow)));
            bytes = Math.Max(bytes, received);
            searches.Add(TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>(Search, string.Create(CultureInfo.InvariantCulture, $"{round + 11}"))));
            await page.CloseAsync();
        }
        Console.WriteLine(new Samples($"/{path}: first row painted", paints[1..]).ToRow());
        Console.WriteLine(new Samples($"/{path}: search answered", searches).ToRow());
        Console.WriteLine(Figure.Line($"/{path}: sent to the browser until then", bytes / 1024.0, "KiB"));
    }
}
