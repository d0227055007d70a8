using System.Collections.Immutable;
using Portal.Components.Charts;
using Portal.Core.Disks;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;

namespace Portal.Pages.Nodes.Charts;

/// <summary>The charts of how full a node's volume groups and thin pools are.</summary>
internal static class GroupCharts
{
    /// <summary>Room is measured once a minute, thin pools as often as disks; finer than the history keeps it there is nothing to see.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromSeconds(10);

    // What is taken, held back and free has the same colour on every page.
    private const int Taken = 0;
    private const int HeldBack = 7;
    private const int Free = 2;

    /// <param name="inventory">null without an agent: then what TopoLVM publishes of its device classes is all that is known.</param>
    public static ImmutableArray<ChartPlan> Of(StorageNode node, NodeInventory? inventory) => inventory is null or { VolumeGroups.IsEmpty: true }
        ? [.. node.Classes.Select(one => OfClass(node, one)), .. node.Classes.Where(one => one.IsThin).Select(one => OfPool(node, one))]
        : [.. inventory.VolumeGroups.Select(group => OfGroup(node, group.Name)), .. inventory.VolumeGroups.Select(group => OfPools(node, group.Name, inventory)).OfType<ChartPlan>()];

    private static ChartPlan OfGroup(StorageNode node, string name)
    {
        var of = Measured.VolumeGroup(node.Name, name);
        var (size, free) = (new SeriesKey(of, Metric.SizeBytes), new SeriesKey(of, Metric.FreeBytes));
        double spare = node.Classes.Where(one => one.VolumeGroup == name).Select(one => one.HeldBackBytes).DefaultIfEmpty().Max();
        var taken = new ChartPlan.Line(ChartTexts.Used, [size, free]) { Value = values => values[0] - values[1], Colour = Taken };
        var held = new ChartPlan.Line(NodeChartsTexts.HeldBack, [free]) { Value = values => Math.Min(spare, values[0]), Colour = HeldBack };
        var left = new ChartPlan.Line(ChartTexts.Free, [free]) { Value = values => Math.Max(0, values[0] - spare), Colour = Free };
        return new($"{node.Name}-{name}-capacity", NodeChartsTexts.CapacityOf(name), MetricUnit.Bytes, spare > 0 ? [taken, held, left] : [taken, left])
        {
            IsStacked = true, WhyEmpty = NodeChartsTexts.NoCapacity(name), WhyNothingNow = () => NodeChartsTexts.NotYet(name),
        };
    }

    private static ChartPlan? OfPools(StorageNode node, string name, NodeInventory inventory)
    {
        ImmutableArray<ChartPlan.Line> lines =
        [
            .. inventory.LogicalVolumes.Where(volume => volume.VolumeGroup == name && volume.Layout == "thin-pool").Select(pool => Measured.ThinPool(node.Name, name, pool.Name)).SelectMany(pool => new ChartPlan.Line[]
            {
                new(ChartTexts.OfThing(pool.Name, ChartTexts.ThinData), new SeriesKey(pool, Metric.DataPercent)), new(ChartTexts.OfThing(pool.Name, ChartTexts.ThinMetadata), new SeriesKey(pool, Metric.MetadataPercent)),
            }),
        ];
        return lines.IsEmpty ? null : new($"{node.Name}-{name}-pools", NodeChartsTexts.PoolsOf(name), MetricUnit.Percent, lines) { WhyEmpty = NodeChartsTexts.NoCapacity(name) };
    }

    private static ChartPlan OfClass(StorageNode node, Capacity capacity)
    {
        var of = Measured.DeviceClass(node.Name, capacity.DeviceClass);
        var (size, available) = (new SeriesKey(of, Metric.SizeBytes), new SeriesKey(of, Metric.AvailableBytes));
        var left = new ChartPlan.Line(ChartTexts.Available, available) { Colour = Free };
        var taken = new ChartPlan.Line(NodeChartsTexts.NotAvailable, [size, available]) { Value = values => Math.Max(0, values[0] - values[1]), Colour = Taken };
        // On what is not known nothing can stand.
        return new($"{node.Name}-{capacity.DeviceClass}-capacity", NodeChartsTexts.CapacityOf(capacity.DeviceClass), MetricUnit.Bytes, capacity.SizeBytes is null ? [left] : [taken, left])
        {
            IsStacked = true, WhyEmpty = NodeChartsTexts.NoCapacity(capacity.DeviceClass), WhyNothingNow = () => WhyNothing(node, capacity),
        };
    }

    private static ChartPlan OfPool(StorageNode node, Capacity capacity)
    {
        var of = Measured.DeviceClass(node.Name, capacity.DeviceClass);
        return new($"{node.Name}-{capacity.DeviceClass}-pool", NodeChartsTexts.PoolOf(capacity.DeviceClass), MetricUnit.Percent,
            [new(ChartTexts.ThinData, new SeriesKey(of, Metric.DataPercent)), new(ChartTexts.ThinMetadata, new SeriesKey(of, Metric.MetadataPercent))])
        {
            WhyEmpty = NodeChartsTexts.NoCapacity(capacity.DeviceClass), WhyNothingNow = () => node.MetricsProblem?.ToString() ?? WhyNothing(node, capacity),
        };
    }

    private static string WhyNothing(StorageNode node, Capacity capacity) =>
        capacity.IsCurrent ? NodeChartsTexts.NotYet(capacity.DeviceClass) : NodeChartsTexts.NotCurrent(capacity.DeviceClass, node.Name);
}
