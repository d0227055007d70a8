using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Metrics;
using Portal.Metrics;
using Portal.Simulator;
using Portal.Tests.Agent;
using Portal.Tests.Portal.Agents;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Metrics;

/// <summary>A known load on a volume group of this machine, as a chart shows it.</summary>
[Collection(RealLvm.Name)]
public sealed class RealLoadTests
{
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_to_a_volume_group_on_a_loop_device_is_what_its_chart_adds_up_to()
    {
        await using var machine = await RealMachinePortal.StartAsync(Scenario.WithEdgeadm, Cancel);
        var device = await machine.Disks.AttachAsync("load", Cancel, mebibytes: 256);
        var group = machine.Disks.NewGroup();
        await RealDisks.RunAsync(Cancel, "vgcreate", group, device);
        await machine.Agents.RefreshAsync(RealMachinePortal.NodeName, Cancel);
        var (live, sources) = (machine.Portal.Services.GetRequiredService<LiveMetrics>(), machine.Portal.Services.GetRequiredService<MetricSources>());
        using var watch = live.Watch(RealMachinePortal.NodeName);
        using var pace = machine.Agents.Watch(RealMachinePortal.NodeName);
        var key = new SeriesKey(Measured.VolumeGroup(RealMachinePortal.NodeName, group), Metric.WriteThroughput);
        await Eventually.PassesAsync(() => Assert.True(Points().Length > 2), Cancel);

        var before = WrittenTo.Device(device);
        await WrittenTo.InBurstsAsync(device, Load, Cancel);
        var written = WrittenTo.Device(device) - before;
        var end = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await Eventually.PassesAsync(() => Assert.True(Points()[^1].At > end), Cancel);

        var points = Points();
        var charted = points.Zip(points.Skip(1)).Sum(pair => pair.Second.Average * (pair.Second.At - pair.First.At) / 1000);
        Assert.True(written > 100 << 20);
        Assert.InRange(charted, written * 0.98, written * 1.02);

        MetricPoint[] Points() => [.. sources.Newest(key, 0).Points.Where(point => !point.IsGap)];
    }
}
