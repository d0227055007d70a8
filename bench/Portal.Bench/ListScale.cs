using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Bench;

// Portal and simulated cluster run as processes of their own: the portal's memory is counted alone, and neither takes the time that
// this process needs to measure.

/// <summary>The list pages on a large cluster: first paint, bytes to the browser, a search, and the portal's memory.</summary>
public static class ListScale
{
    private static readonly string[] Pages = ["nodes", "volumes"];

    private static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(10);

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
        using var cluster = Process.Start(new ProcessStartInfo("dotnet", [typeof(ListScale).Assembly.Location, "cluster", $"{nodes}", $"{volumes}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var server = new Uri(await cluster.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The simulated cluster did not start."));
        Console.WriteLine(Line("simulated cluster ready", began.Elapsed.TotalSeconds, "s"));
        using var folder = new TemporaryFolder();
        began.Restart();
        await using var portal = await PortalProcess.StartAsync(PlainKubeconfig.Write(folder, server), folder.Path, CancellationToken.None);
        await ReadyAsync(portal.Url);
        Console.WriteLine(Line("portal has read the cluster", began.Elapsed.TotalSeconds, "s"));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu"],
        });
        Console.WriteLine(Samples.Heads);
        foreach (var path in Pages) await PrintPageAsync(browser, portal.Url, path, rounds);
        Console.WriteLine(Line("portal's memory (resident, highest)", MemoryOf(folder.Path) / 1024.0, "MiB"));
        cluster.StandardInput.Close();
        await cluster.WaitForExitAsync();
    }

    /// <summary>The simulated cluster as a process: prints its address, and ends with its input.</summary>
    public static async Task ServeAsync(int nodes, int volumes)
    {
        await using var cluster = await SimulatedCluster.StartAsync(Scenario.Large(nodes, volumes), null, CancellationToken.None);
        Console.WriteLine(cluster.Connection.Server);
        await Console.In.ReadToEndAsync();
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
        Console.WriteLine(Line($"/{path}: sent to the browser until then", bytes / 1024.0, "KiB"));
    }

    private static async Task ReadyAsync(Uri portal)
    {
        using var http = new HttpClient { BaseAddress = portal };
        var limit = Stopwatch.StartNew();
        while (!(await http.GetAsync(new Uri("readyz", UriKind.Relative))).IsSuccessStatusCode)
        {
            if (limit.Elapsed > ReadLimit) throw new TimeoutException("The portal did not read the cluster in time.");
            await Task.Delay(200);
        }
    }

    /// <summary>The most memory the portal with this data folder has held, in KiB, as the kernel counts it.</summary>
    private static long MemoryOf(string data)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)))
        {
            var words = ReadOrEmpty(Path.Combine(process, "cmdline")).Split('\0');
            if (words[0] != "dotnet" || !words.Contains(data)) continue;
            var line = ReadOrEmpty(Path.Combine(process, "status")).Split('\n').First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        throw new InvalidOperationException("The portal's process is not there.");
    }

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The process has ended meanwhile.
            return "";
        }
    }

    private static string Line(string name, double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{name,-44} {value,9:F1} {unit}");
}
