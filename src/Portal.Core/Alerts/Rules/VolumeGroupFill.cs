using System.Collections.Immutable;
using Portal.Core.Lvm;
using Portal.Core.Texts;

namespace Portal.Core.Alerts.Rules;

/// <summary>A volume group has little left for thick volumes. What it has handed to thin pools is their matter: a group that is one pool is not full.</summary>
internal sealed class VolumeGroupFill : IAlertRule
{
    // Less than this is what an administrator left over when the pool was made.
    private const double LeastThickPart = .1;

    public string Id => "volume-group-fill";

    public Message Title => AlertTexts.VolumeGroupFillTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from found in ByAgents(facts).Concat(ByTopoLvm(facts)).DistinctBy(one => (one.Node, one.Name))
        let percent = 100.0 * (found.SizeBytes - found.FreeBytes) / found.SizeBytes
        let severity = facts.Thresholds.VolumeGroup.Above(percent, facts.StandingOf(Id, $"{found.Node}/{found.Name}"))
        where severity is not null
        select new Alert(Id, $"{found.Node}/{found.Name}", severity.Value,
            AlertTexts.VolumeGroupFill(found.Name, found.Node, AlertObjects.Percent(percent), ByteText.Format(found.FreeBytes), ByteText.Format(found.SizeBytes)),
            AlertTexts.VolumeGroupFillNext(found.Name, found.Node), AlertObjects.OnNode(found.Node));

    private static IEnumerable<(string Node, string Name, long SizeBytes, long FreeBytes)> ByAgents(AlertFacts facts) =>
        from found in facts.VolumeGroups()
        let thick = ThickBytes(found.Group, found.Volumes)
        where thick > 0
        select (found.Node, found.Group.Name, thick, Math.Min(thick, found.Group.FreeBytes));

    private static long ThickBytes(LvmVolumeGroup group, ImmutableArray<LvmLogicalVolume> volumes)
    {
        var pools = volumes.Where(volume => volume.Layout == "thin-pool").Sum(pool => pool.SizeBytes);
        // Of a mirrored or striped pool the extents are more than its size.
        var thick = Math.Max(0, group.SizeBytes - pools);
        var hasThick = volumes.Any(volume => volume.Layout != "thin-pool" && volume.Pool is null);
        return pools > 0 && !hasThick && thick < LeastThickPart * group.SizeBytes ? 0 : thick;
    }

    // What topolvm-node tells of a thick class beside a pool counts the pool as taken; only an agent sees which it is.
    private static IEnumerable<(string Node, string Name, long SizeBytes, long FreeBytes)> ByTopoLvm(AlertFacts facts) =>
        from node in facts.Storage.Nodes
        where facts.Agents.Find(node.Name)?.Inventory is null
        from capacity in node.Classes
        where capacity is { IsThin: false, IsCurrent: true, SizeBytes: > 0, VolumeGroup: not null } && !node.Classes.Any(other => other.IsThin && other.VolumeGroup == capacity.VolumeGroup)
        select (node.Name, capacity.VolumeGroup!, capacity.SizeBytes!.Value, Math.Min(capacity.SizeBytes.Value, capacity.AvailableBytes + capacity.HeldBackBytes));
}
