using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Alerts;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Tests.Core.TopoLvm;

namespace Portal.Tests.Core.Alerts;

/// <summary>A site at rest: node edge-1 with its agent, volume group myvg1 and volume shop/data; nothing is the matter.</summary>
internal static class GivenAlerts
{
    public const long Gi = 1L << 30;

    public static readonly DateTimeOffset Now = new(2026, 3, 20, 9, 0, 0, TimeSpan.Zero);

    public static readonly Measured Data = Measured.LogicalVolume("edge-1", "myvg1", "u");

    public static AlertFacts Quiet { get; } = new AlertFacts(Storage(Volume()), AgentsSnapshot.Empty, AlertThresholds.Default, Now).WithGroup(Group(100, 50), []);

    public static Volume Volume()
    {
        var volume = GivenVolume.Of("10Gi", 40 * Gi);
        return volume with { Host = volume.Host! with { Capacities = [volume.Host.Capacities[0] with { VolumeGroup = "myvg1", SizeBytes = 100 * Gi, IsCurrent = true }] } };
    }

    public static StorageState Storage(Volume volume) =>
        new(null, [volume.Host! with { Volumes = [volume] }], [volume]) { IsComplete = true, ClaimedVolumes = [volume] };

    public static LvmVolumeGroup Group(long size, long free, int missing = 0) => new("myvg1", "uuid", size * Gi, free * Gi, 4 << 20, 1, 1, missing);

    public static LvmLogicalVolume Pool(long size, double data, double metadata) => new("myvg1", "pool0", "p", size * Gi) { Layout = "thin-pool", DataPercent = data, MetadataPercent = metadata };

    public static LvmLogicalVolume Thick(long size) => new("myvg1", "u", "v", size * Gi);

    public static AlertFacts WithGroup(this AlertFacts facts, LvmVolumeGroup group, ImmutableArray<LvmLogicalVolume> volumes) => facts.WithAgent(agent => agent with
    {
        Inventory = NodeInventory.Empty with { VolumeGroups = [group], LogicalVolumes = volumes },
    });

    public static AlertFacts WithAgent(this AlertFacts facts, Func<NodeAgent, NodeAgent> change) =>
        facts with { Agents = facts.Agents with { Nodes = facts.Agents.Nodes.SetItem("edge-1", change(facts.Agents.Find("edge-1") ?? new NodeAgent("edge-1", "1.0", Now.AddDays(-1)))) } };

    public static AlertFacts WithUsed(this AlertFacts facts, double usedGibibytes, double sizeGibibytes = 10) => facts with
    {
        Newest = key => key == new SeriesKey(Data, Metric.UsedBytes) ? usedGibibytes * Gi : key == new SeriesKey(Data, Metric.SizeBytes) ? sizeGibibytes * Gi : null,
    };
}
