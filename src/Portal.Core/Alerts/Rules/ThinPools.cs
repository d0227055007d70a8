using Portal.Core.Metrics;

namespace Portal.Core.Alerts.Rules;

/// <summary>A thin pool, and how full it is.</summary>
/// <param name="DataPercent">null where nobody tells.</param>
internal sealed record ThinPools(string Node, string VolumeGroup, string Name, double? DataPercent, double? MetadataPercent)
{
    public string Object => $"{Node}/{VolumeGroup}/{Name}";

    public Measured Measured => Measured.ThinPool(Node, VolumeGroup, Name);

    /// <summary>Of each pool the newest that is known: what was measured, the agent's inventory, topolvm-node's metrics.</summary>
    public static IEnumerable<ThinPools> In(AlertFacts facts)
    {
        var seen = new HashSet<string>();
        foreach (var pool in ByAgents(facts).Concat(ByTopoLvm(facts)))
        {
            if (!seen.Add(pool.Object)) continue;
            yield return pool with
            {
                DataPercent = facts.Value(pool.Measured, Metric.DataPercent) ?? pool.DataPercent,
                MetadataPercent = facts.Value(pool.Measured, Metric.MetadataPercent) ?? pool.MetadataPercent,
            };
        }
    }

    private static IEnumerable<ThinPools> ByAgents(AlertFacts facts) =>
        from found in facts.VolumeGroups()
        from volume in found.Volumes
        where volume.Layout == "thin-pool"
        select new ThinPools(found.Node, found.Group.Name, volume.Name, volume.DataPercent, volume.MetadataPercent);

    private static IEnumerable<ThinPools> ByTopoLvm(AlertFacts facts) =>
        from node in facts.Storage.Nodes
        from capacity in node.Classes
        where capacity.IsThin && capacity.VolumeGroup is not null
        let pool = node.Configuration?.Config.Find(capacity.DeviceClass)?.ThinPool?.Name
        where pool is not null
        select new ThinPools(node.Name, capacity.VolumeGroup!, pool, capacity.DataPercent, capacity.MetadataPercent);
}
