using Portal.Core.Texts;

namespace Portal.Core.Alerts.Rules;

/// <summary>A policy would expand a volume, and may not or cannot.</summary>
internal sealed class AutoExpandRefused : IAlertRule
{
    public string Id => "auto-expand-refused";

    public Message Title => AlertTexts.AutoExpandRefusedTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from outcome in facts.AutoExpansions
        let problem = outcome.Problem
        where problem is not null
        let volume = facts.Storage.ClaimedVolumes.FirstOrDefault(volume => volume.Name.ToString() == outcome.Volume)
        where volume is not null
        select new Alert(Id, outcome.Volume, AlertSeverity.Warning, AlertTexts.AutoExpandRefused(outcome.Volume), problem, AlertObjects.OnVolume(volume));
}
