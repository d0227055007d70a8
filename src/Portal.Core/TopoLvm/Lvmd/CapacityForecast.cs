using System.Collections.Immutable;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>One device class on one node: what schedulers are told of it now, and what they would be told with another file.</summary>
/// <param name="BeforeBytes">As published; null when the class is new there, or nothing is published.</param>
/// <param name="AfterBytes">Counted as the installed version counts; null when it cannot be known before lvmd runs, or the class is gone.</param>
/// <param name="SizeBytes">Of the volume group, as far as known: free space and TopoLVM's volumes.</param>
/// <param name="FreeBytes">Of the volume group, nothing subtracted.</param>
/// <param name="SpareBytes">What the new file holds back.</param>
public sealed record ForecastRow(string Node, string DeviceClass, long? BeforeBytes, long? AfterBytes, long? SizeBytes, long? FreeBytes, long SpareBytes)
{
    /// <summary>The reserve lowers what is published; up to TopoLVM 0.15 it does not.</summary>
    public required bool SpareCounts { get; init; }

    public bool IsGone { get; init; }
}

/// <summary>What a change of lvmd.yaml does to the capacity that schedulers see.</summary>
public static class CapacityForecast
{
    public static ImmutableArray<ForecastRow> For(LvmdGroup lvmd, LvmdConfig after, LvmdRuleFacts facts) =>
    [
        .. from node in lvmd.Nodes
           where node.IsReady
           let known = facts.Nodes.FirstOrDefault(one => one.Name == node.Name)
           from name in after.DeviceClasses.Select(one => one.Name).Concat(lvmd.Config.DeviceClasses.Select(one => one.Name)).Distinct()
           where name.Length > 0
           select Row(node, name, after.DeviceClasses.FirstOrDefault(one => one.Name == name), known, LvmdVersions.PublishesSpare(facts.Version)),
    ];

    private static ForecastRow Row(LvmdNode node, string name, DeviceClassConfig? after, NodeStorageFacts? known, bool subtracts)
    {
        var now = node.DeviceClasses.FirstOrDefault(one => one.Config.Name == name);
        var volumeGroup = known?.VolumeGroups.GetValueOrDefault(after?.VolumeGroup ?? now?.Config.VolumeGroup ?? "");
        var row = new ForecastRow(node.Name, name, now?.AvailableBytes, null, volumeGroup?.SizeBytes, volumeGroup?.FreeBytes, after?.SpareBytes ?? 0) { SpareCounts = subtracts, IsGone = after is null };
        if (after is null) return row;
        if (now is not null && IsSame(now.Config, after)) return row with { AfterBytes = now.AvailableBytes };
        // What a thin pool has to promise depends on the pool, which only lvmd sees.
        if (after.IsThin || volumeGroup?.FreeBytes is not { } free) return row;
        return row with { AfterBytes = subtracts ? Math.Max(0, free - after.SpareBytes) : free };
    }

    private static bool IsSame(DeviceClassConfig one, DeviceClassConfig other) =>
        (one.VolumeGroup, one.SpareBytes, one.IsThin, one.ThinPool) == (other.VolumeGroup, other.SpareBytes, other.IsThin, other.ThinPool);
}
