using System.Globalization;
using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Tests.Agent;
using Portal.Tests.Portal.Agents;
using Portal.Tests.Portal.Metrics;
using Portal.Tests.Testing;

namespace Portal.Tests.Browser;

/// <summary>A known load on a volume group of this machine, as the browser draws it. How soon it does is measured by <c>bench/</c>.</summary>
[Collection(RealLvm.Name)]
public sealed class RealLoadChartTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Chart = RealMachinePortal.NodeName + "-throughput";

    private static readonly TimeSpan Load = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_to_a_volume_group_is_drawn_from_its_first_moment_and_adds_up_to_what_the_kernel_counted()
    {
        await using var machine = await RealMachinePortal.StartAsync(Scenario.WithEdgeadm, Cancel);
        var device = await machine.Disks.AttachAsync("load", Cancel, mebibytes: 256);
        await RealDisks.RunAsync(Cancel, "vgcreate", machine.Disks.NewGroup(), device);
        await machine.Agents.RefreshAsync(RealMachinePortal.NodeName, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, machine.Portal);
        await browser.GoToAsync($"nodes/{RealMachinePortal.NodeName}?range=5m");
        var line = await LineAsync(browser, Path.GetFileName(device) + ", Write");
        // By now the agent samples each second.
        await Eventually.PassesAsync(async () => Assert.True((await PointsAsync(browser, line)) is [.., var before, var last] && last.At - before.At < 2000), Cancel);

        var counted = WrittenTo.Device(device);
        var began = Now();
        await WrittenTo.BurstAsync(device, Cancel);
        var first = Now();
        await WrittenTo.InBurstsAsync(device, Load, Cancel);
        counted = WrittenTo.Device(device) - counted;
        var end = Now();
        await Eventually.PassesAsync(async () => Assert.True((await PointsAsync(browser, line))[^1].At > end), Cancel);

        var points = await PointsAsync(browser, line);
        var of = Array.FindIndex(points, point => point.At >= began && point.Value > 0);
        // The sample that has it is the first one after it.
        Assert.InRange(points[of - 1].At, 0, first);
        Assert.InRange(points[of].At, began, end);
        var drawn = points.Zip(points.Skip(1)).Where(pair => pair.Second.At > began).Sum(pair => (pair.Second.Value ?? 0) * (pair.Second.At - pair.First.At) / 1000);
        Assert.True(counted > 100 << 20);
        Assert.InRange(drawn, counted * 0.98, counted * 1.02);
        Assert.InRange(await DrawnChart.PixelsAsync(browser, Chart, line), 20, int.MaxValue);
        browser.ExpectNoComplaints();
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task<int> LineAsync(BrowserSession browser, string name)
    {
        var button = DrawnChart.Find(browser, Chart).GetByRole(AriaRole.Button, new() { Name = name });
        return int.Parse(await button.GetAttributeAsync("data-line", new() { Timeout = 60_000 }) ?? "", CultureInfo.InvariantCulture);
    }

    /// <summary>Of a line, those that are points of its own.</summary>
    private static async Task<(double At, double? Value)[]> PointsAsync(BrowserSession browser, int line)
    {
        var drawn = await DrawnChart.ReadAsync(browser, Chart);
        return [.. drawn.Times.Zip(drawn.Lines[line])];
    }
}
