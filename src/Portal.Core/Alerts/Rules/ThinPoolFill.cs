using Portal.Core.Texts;

namespace Portal.Core.Alerts.Rules;

/// <summary>A thin pool's data fill up: its volumes promise more than there is.</summary>
internal sealed class ThinPoolFill : IAlertRule
{
    public string Id => "thin-pool-data";

    public Message Title => AlertTexts.ThinPoolDataTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from pool in ThinPools.In(facts)
        let percent = pool.DataPercent
        where percent is not null
        let severity = facts.Thresholds.ThinData.Above(percent.Value, facts.StandingOf(Id, pool.Object))
        where severity is not null
        select new Alert(Id, pool.Object, severity.Value, AlertTexts.ThinPoolData($"{pool.VolumeGroup}/{pool.Name}", pool.Node, AlertObjects.Percent(percent.Value)),
            AlertTexts.ThinPoolDataNext(pool.VolumeGroup), AlertObjects.OnNode(pool.Node));
}
