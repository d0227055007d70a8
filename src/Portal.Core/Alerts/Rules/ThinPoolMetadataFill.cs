using Portal.Core.Texts;

namespace Portal.Core.Alerts.Rules;

/// <summary>A thin pool's metadata fill up, which stops it long before its data would.</summary>
internal sealed class ThinPoolMetadataFill : IAlertRule
{
    public string Id => "thin-pool-metadata";

    public Message Title => AlertTexts.ThinPoolMetadataTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from pool in ThinPools.In(facts)
        let percent = pool.MetadataPercent
        where percent is not null
        let severity = facts.Thresholds.ThinMetadata.Above(percent.Value, facts.StandingOf(Id, pool.Object))
        where severity is not null
        select new Alert(Id, pool.Object, severity.Value, AlertTexts.ThinPoolMetadata($"{pool.VolumeGroup}/{pool.Name}", pool.Node, AlertObjects.Percent(percent.Value)),
            AlertTexts.ThinPoolMetadataNext($"{pool.VolumeGroup}/{pool.Name}", pool.Node), AlertObjects.OnNode(pool.Node));
}
