using Portal.Core.Texts;

namespace Portal.Core.Alerts.Rules;

/// <summary>A volume group lacks a physical volume: what lies on it cannot be read.</summary>
internal sealed class DiskMissing : IAlertRule
{
    public string Id => "disk-missing";

    public Message Title => AlertTexts.DiskMissingTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from found in facts.VolumeGroups()
        where found.Group.MissingPhysicalVolumes > 0
        select new Alert(Id, $"{found.Node}/{found.Group.Name}", AlertSeverity.Critical, AlertTexts.DiskMissing(found.Group.Name, found.Node, found.Group.MissingPhysicalVolumes),
            AlertTexts.DiskMissingNext(found.Node), AlertObjects.OnNode(found.Node));
}
