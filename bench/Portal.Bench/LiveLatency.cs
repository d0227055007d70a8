using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Bench;

// Portal and agent are processes of their own; the agent reads this machine's kernel, and dd writes to a volume group on a loop device. The page is
// asked every 20 ms what its chart holds, and notes when a point is there for the first time.

/// <summary>From the first written byte until the chart in the browser has it.</summary>
public static class LiveLatency
{
    private const string Node = "edge-hangzhou-1";
    private const string VolumeGroup = "portalbench";

    private static readonly string Agent = Environment.GetEnvironmentVariable("AGENT")
        ?? Path.Combine(Repository.Root, "src/Portal.Agent/bin/Release/net10.0/topolvm-portal-agent");

    // performance.timeOrigin is the machine's clock.
    private const string NotePoints = """
        async chart => {
          const { drawn } = await import('./Components/Charts/TimeChart.razor.js');
          const noted = globalThis.notedPoints = [];
          let last = drawn(chart).times.at(-1);
          setInterval(() => {
            const { times, lines } = drawn(chart);
            const seen = performance.timeOrigin + performance.now();
            for (let at = times.findLastIndex(time => time <= last) + 1; at < times.length; at++) noted.push({ at: times[at], seen, values: lines.map(line => line[at] ?? 0) });
            last = times.at(-1);
          }, 20);
        }
        """;

    /// <param name="At">When the sample was taken, in milliseconds since 1970.</param>
    /// <param name="Seen">When the browser had it.</param>
    private sealed record Noted(double At, double Seen);

    public static async Task PrintAsync(int rounds)
    {
        Console.WriteLine(Samples.Heads);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--no-first-run"],
        });
        await RealAsync(browser, rounds);
        await DemoAsync(browser, rounds);
    }

    private static async Task RealAsync(IBrowser browser, int rounds)
    {
        using TemporaryFolder data = new(), state = new();
        using var disks = await LoopDisks.AttachAsync(1);
        var device = disks.Devices.Single();
        await RunAsync("vgcreate", VolumeGroup, device);
        try
        {
            await using var cluster = await SimulatedCluster.StartAsync(Scenario.WithEdgeadm, null, CancellationToken.None);
            await using var portal = await PortalProcess.StartAsync(PlainKubeconfig.Write(data, cluster.Connection.Server), data.Path, CancellationToken.None);
            var page = await browser.NewPageAsync(new() { BaseURL = portal.Url.ToString(), Locale = "en-US" });
            using var agent = await JoinAsync(page, portal.Url, state);
            try
            {
                var chart = await OpenChartAsync(page);
                var line = await LineAsync(chart, Path.GetFileName(device) + ", Write");
                var (random, latencies) = (new Random(1), new List<TimeSpan>());
                for (var round = 0; round < rounds; round++)
                {
                    // At no fixed phase to the agent's samples or the portal's clock.
                    await Task.Delay(random.Next(2000, 3000));
                    latencies.Add(await WriteAsync(page, device, line));
                }
                Console.WriteLine(new Samples("dd is started -> its bytes are in the chart", latencies).ToRow());
                await PrintPointsAsync(page, "real agent");
            }
            finally
            {
                agent.Kill();
                await agent.WaitForExitAsync();
            }
        }
        finally
        {
            await RunAsync("vgremove", "--yes", VolumeGroup);
        }
    }

    private static async Task DemoAsync(IBrowser browser, int rounds)
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartDemoAsync(data.Path, CancellationToken.None);
        var page = await browser.NewPageAsync(new() { BaseURL = portal.Url.ToString(), Locale = "en-US" });
        await OpenChartAsync(page);
        await Task.Delay(TimeSpan.FromSeconds(2 * rounds));
        await PrintPointsAsync(page, "--demo");
    }

    private static async Task<Process> JoinAsync(IPage page, Uri portal, TemporaryFolder state)
    {
        await page.GotoAsync("settings");
        await Assertions.Expect(page.Locator("main[data-interactive]")).ToBeAttachedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New join token" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Node").FillAsync(Node);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        var token = Path.Combine(state.Path, "token");
        await File.WriteAllTextAsync(token, await page.GetByLabel("Join token", new() { Exact = true }).InnerTextAsync());
        return Process.Start(new ProcessStartInfo(Agent, ["run", "--portal", portal.ToString(), "--node", Node, "--state", state.Path, "--token-file", token]) { RedirectStandardOutput = true })!;
    }

    private static async Task<ILocator> OpenChartAsync(IPage page)
    {
        await page.GotoAsync($"nodes/{Node}?range=5m");
        await Assertions.Expect(page.Locator("main[data-interactive]")).ToBeAttachedAsync();
        var chart = page.Locator($".chart[data-chart={Node}-throughput]");
        await chart.ScrollIntoViewIfNeededAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(chart.Locator("canvas")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        // The agent has been told by now that somebody looks.
        await Task.Delay(TimeSpan.FromSeconds(12));
        await chart.EvaluateAsync(NotePoints);
        return chart;
    }

    private static async Task<int> LineAsync(ILocator chart, string name) =>
        int.Parse(await chart.GetByRole(AriaRole.Button, new() { Name = name }).GetAttributeAsync("data-line") ?? "", CultureInfo.InvariantCulture);

    private static async Task<TimeSpan> WriteAsync(IPage page, string device, int line)
    {
        var began = TimeProvider.System.GetUtcNow();
        await RunAsync("dd", "if=/dev/zero", "of=" + device, "bs=1M", "seek=16", "count=1", "oflag=direct", "conv=notrunc", "status=none");
        var first = await page.WaitForFunctionAsync("([line, since]) => notedPoints.find(point => point.at >= since && point.values[line] > 0)?.seen", new object[] { line, began.ToUnixTimeMilliseconds() });
        return DateTimeOffset.UnixEpoch.AddMilliseconds(await first.JsonValueAsync<double>()) - began;
    }

    /// <summary>What came to light between two samples is as old as the earlier one at most.</summary>
    private static async Task PrintPointsAsync(IPage page, string who)
    {
        var noted = (await page.EvaluateAsync<double[][]>("notedPoints.map(point => [point.at, point.seen])"))[1..].Select(point => new Noted(point[0], point[1])).ToArray();
        Console.WriteLine(new Samples($"{who}: sample -> in the chart", [.. noted.Select(point => TimeSpan.FromMilliseconds(point.Seen - point.At))]).ToRow());
        Console.WriteLine(new Samples($"{who}: sample before it -> in the chart", [.. noted.Zip(noted.Skip(1)).Select(pair => TimeSpan.FromMilliseconds(pair.Second.Seen - pair.First.At))]).ToRow());
    }

    private static async Task RunAsync(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, Environment = { ["LVM_SUPPRESS_FD_WARNINGS"] = "1" } })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{words[0]} failed ({process.ExitCode}).");
    }
}
