using Portal.Core.Metrics;

namespace Portal.Tests.Agent.Recorded;

/// <summary>The same volumes under other numbers: activated in another order, and after a new start of the node.</summary>
public sealed class RenumberedTests
{
    private const string Layout = "renumbered";

    private const double Mebibyte = 1 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_kernel_did_give_the_volumes_other_numbers()
    {
        var layout = await RecordedLayout.OfAsync(Layout, Cancel);

        var orders = layout.Moments.Select(moment => string.Join(' ', moment.Inventory.LogicalVolumes.OrderBy(volume => volume.DeviceNumber, StringComparer.Ordinal)
            .Select(volume => RecordedLayout.Short(volume.Name)))).ToArray();

        Assert.Equal(
            ["first second third", "first second third", "third second first", "third second first", "second first third", "second first third"], orders);
        Assert.Equal(2, layout.Readings.Select(reading => reading.BootId).Distinct().Count());
    }

    // Work was done between the first and the second moment, the third and the fourth, the fifth and the sixth: 16 MiB written, 8 MiB read, by one volume.
    [Fact]
    public async Task A_renumbered_volume_keeps_its_series_and_no_series_jumps()
    {
        var layout = await RecordedLayout.OfAsync(Layout, Cancel);
        var live = new LiveMetrics();
        using var watched = live.Watch(RecordedLayout.Node);

        live.Accept(RecordedLayout.Node, layout.Readings);

        Assert.Equal(["gap", "16", "gap", "16", "gap", "16"], Mebibytes(live, RecordedLayout.First, Metric.WriteThroughput));
        Assert.Equal(["gap", "8", "gap", "8", "gap", "8"], Mebibytes(live, RecordedLayout.First, Metric.ReadThroughput));
        Assert.Equal(["gap", "0", "gap", "0", "gap", "0"], Mebibytes(live, RecordedLayout.Second, Metric.WriteThroughput));
    }

    [Fact]
    public async Task A_file_system_stays_its_volumes_while_the_agent_knows_only_the_old_numbers()
    {
        using var node = new RecordedNode(Layout);
        await node.AtAsync("2-worked", Cancel);

        var reading = NodeReading.From(RecordedLayout.Node, await node.SampleAtAsync("3-activated-in-another-order", Cancel));

        Assert.Equal(["first", "second"], reading.Gauges.Where(gauge => gauge.Key.Metric == Metric.UsedBytes).Select(gauge => RecordedLayout.Short(gauge.Key.Of)).Order(StringComparer.Ordinal));
    }

    private static string[] Mebibytes(LiveMetrics live, Measured of, Metric metric) =>
    [
        .. live.Points(new(of, metric), 0).Select(point => point.IsGap ? "gap" : ((int)(10 * point.Average / Mebibyte)).ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];
}
