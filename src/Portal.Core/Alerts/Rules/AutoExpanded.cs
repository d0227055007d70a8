using Portal.Core.Texts;

namespace Portal.Core.Alerts.Rules;

/// <summary>A policy has expanded a volume: told once, and over by itself.</summary>
internal sealed class AutoExpanded : IAlertRule
{
    private static readonly TimeSpan Told = TimeSpan.FromHours(1);

    public string Id => "auto-expanded";

    public Message Title => AlertTexts.AutoExpandedTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from outcome in facts.AutoExpansions
        where outcome is { Problem: null, To: not null } && facts.Now - outcome.At < Told
        let volume = facts.Storage.ClaimedVolumes.FirstOrDefault(volume => volume.Name.ToString() == outcome.Volume)
        where volume is not null
        select new Alert(Id, outcome.Volume, AlertSeverity.Notice, AlertTexts.AutoExpanded(outcome.Volume, outcome.From, outcome.To), AlertTexts.AutoExpandedNext, AlertObjects.OnVolume(volume));
}
