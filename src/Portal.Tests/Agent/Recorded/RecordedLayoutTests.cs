using Portal.Core.Metrics;

namespace Portal.Tests.Agent.Recorded;

/// <summary>From the kernel's mapped devices to claims, Pods and disks, on nodes as they were recorded.</summary>
public sealed class RecordedLayoutTests
{
    private const double Mebibyte = 1 << 20;

    public static TheoryData<string> Layouts => [.. RecordedNode.Layouts];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task All_that_the_agent_asks_of_a_node_was_recorded(string name)
    {
        var layout = await RecordedLayout.OfAsync(name, Cancel);

        Assert.All(layout.Moments, moment => Assert.Empty(moment.Inventory.Problems));
        Assert.All(layout.Moments, moment => Assert.True(moment.Inventory.HasDeviceMapper));
    }

    [Theory]
    [InlineData("linear-over-two-disks", "first of first-0 on vda vdb", "second of second-0 on vdb")]
    [InlineData("striped", "first of first-0 on vda vdb")]
    [InlineData("raid1", "first of first-0 on vda vdb")]
    [InlineData("raid5", "first of first-0 on vda vdb vdc")]
    [InlineData("thin-pool", "first of first-0 on vda vdb", "second of second-0 on vda vdb", "third of third-0 on vda vdb")]
    [InlineData("thin-pool-on-raid1", "first of first-0 on vda vdb")]
    [InlineData("snapshot", "first of first-0 on vda", "second of second-0 on vda")]
    [InlineData("luks-on-volume", "first of first-0 on vda")]
    [InlineData("group-on-luks", "first of first-0 on vda")]
    [InlineData("group-on-partition", "first of first-0 on vda")]
    [InlineData("group-on-loop", "first of first-0 on vda")]
    [InlineData("moving", "first of first-0 on vda vdb", "second of second-0 on vda vdb")]
    [InlineData("renumbered", "first of first-0 on vda", "second of second-0 on vda", "third of third-0 on vda")]
    public async Task A_mapped_device_leads_to_its_claim_its_Pods_and_its_disks(string name, params string[] expected)
    {
        var layout = await RecordedLayout.OfAsync(name, Cancel);

        var ways = layout.Readings[^1].Counters.Where(counter => counter.Of.Kind == MeasuredKind.LogicalVolume).Select(counter => layout.Paths.Find(counter.Of)).OfType<VolumePath>()
            .Select(path => $"{path.Volume!.Claim!.Metadata.Name} of {string.Join(' ', path.Volume.Pods.Select(pod => pod.Metadata.Name))} on {string.Join(' ', path.Disks.Select(disk => disk.Name))}");

        Assert.Equal(expected, ways.Order(StringComparer.Ordinal));
        Assert.All(layout.Paths.All.Where(path => path.Volume is not null), path => Assert.Equal(path.Measured, layout.Paths.MeasuredAs(path.Volume!)));
    }

    [Theory]
    [InlineData("linear-over-two-disks", "first second", "vda vdb vdc vdd", "vda vdb")]
    [InlineData("striped", "first", "vda vdb vdc vdd", "vda vdb")]
    [InlineData("raid1", "first", "vda vdb vdc vdd", "vda vdb")]
    [InlineData("raid5", "first", "vda vdb vdc vdd", "vda vdb vdc")]
    [InlineData("thin-pool", "first pool0 second third", "vda vdb vdc vdd", "vda vdb")]
    [InlineData("thin-pool-on-raid1", "first pool0", "vda vdb vdc vdd", "vda vdb")]
    [InlineData("snapshot", "first second", "vda vdb vdc vdd", "vda vdb")]
    [InlineData("luks-on-volume", "first", "luks-first vda vdb vdc vdd", "vda")]
    [InlineData("group-on-luks", "first", "luks-vda vda vdb vdc vdd", "luks-vda")]
    [InlineData("group-on-partition", "first", "vda vda1 vdb vdc vdd", "vda1")]
    [InlineData("group-on-loop", "first", "loop0 vda vdb vdc vdd", "loop0")]
    [InlineData("moving", "first second", "vda vdb vdc vdd", "vda vdb")]
    [InlineData("renumbered", "first second third", "vda vdb vdc vdd", "vda vdb")]
    public async Task Parts_that_LVM_hides_are_not_measured(string name, string ofLvm, string others, string ofGroup)
    {
        var layout = await RecordedLayout.OfAsync(name, Cancel);

        Assert.Equal(ofLvm, Names(layout, measured => measured.Kind is MeasuredKind.LogicalVolume or MeasuredKind.ThinPool));
        Assert.Equal(others, Names(layout, measured => measured.Kind == MeasuredKind.Disk));
        Assert.Equal("vda vdb vdc vdd", string.Join(' ', MeasuredDisks.Of(layout.Last.Inventory)));
        Assert.Equal(ofGroup, string.Join(' ', MeasuredDisks.Of(layout.Last.Inventory, "myvg1").Order(StringComparer.Ordinal)));
    }

    // 16 MiB were written to the volume and 8 MiB of them read, past the page cache. How much of it the disks did again is the layout's own:
    // copies, parity, what a snapshot keeps of the origin, blocks of the pool that were shared, extents that are being moved.
    [Theory]
    [InlineData("striped", 1, 1.1)]
    [InlineData("raid1", 2, 2.2)]
    [InlineData("raid5", 1.5, 1.8)]
    [InlineData("thin-pool", 1, 1.2)]
    [InlineData("thin-pool-on-raid1", 2, 2.3)]
    [InlineData("snapshot", 1, 3.2)]
    [InlineData("luks-on-volume", 1, 1.1)]
    [InlineData("group-on-luks", 1, 1.1)]
    [InlineData("group-on-partition", 1, 1.1)]
    [InlineData("group-on-loop", 1, 1.3)]
    [InlineData("moving", 1, 4)]
    public async Task Work_is_counted_once_at_the_volume_and_once_at_the_disks(string name, double least, double most)
    {
        var layout = await RecordedLayout.OfAsync(name, Cancel);

        var volume = layout.Rates.Find(RecordedLayout.First)!.Value;
        Assert.InRange(10 * volume.WrittenBytes / Mebibyte, 16, 17);
        // udev has a look at what an encrypted volume holds.
        Assert.InRange(10 * volume.ReadBytes / Mebibyte, 8, 10);
        var node = TotalRates.Of(layout.Rates, layout.Last.Inventory)!.Value;
        Assert.Equal(layout.OfDisks(), ((long)Math.Round(10 * node.ReadBytes), (long)Math.Round(10 * node.WrittenBytes)));
        Assert.InRange(node.WrittenBytes / volume.WrittenBytes, least, most);
    }

    [Theory]
    [InlineData("raid1", "first")]
    [InlineData("thin-pool", "first third")]
    [InlineData("luks-on-volume", "first")]
    [InlineData("group-on-loop", "first")]
    public async Task The_use_of_a_file_system_is_the_volumes_with_and_without_encryption(string name, string mounted)
    {
        var layout = await RecordedLayout.OfAsync(name, Cancel);

        var used = layout.Readings[^1].Gauges.Where(gauge => gauge.Key.Metric == Metric.UsedBytes).Select(gauge => RecordedLayout.Short(gauge.Key.Of));

        Assert.Equal(mounted, string.Join(' ', used.Order(StringComparer.Ordinal)));
    }

    private static string Names(RecordedLayout layout, Func<Measured, bool> which) =>
        string.Join(' ', layout.Readings[^1].Counters.Select(counter => counter.Of).Where(which).Select(RecordedLayout.Short).Order(StringComparer.Ordinal));
}
