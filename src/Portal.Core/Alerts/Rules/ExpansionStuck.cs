using Portal.Core.Texts;
using Portal.Core.TopoLvm;

namespace Portal.Core.Alerts.Rules;

/// <summary>A volume was asked to grow and does not.</summary>
internal sealed class ExpansionStuck : IAlertRule
{
    public string Id => "expansion-stuck";

    public Message Title => AlertTexts.ExpansionStuckTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from volume in facts.Storage.ClaimedVolumes
        let resize = volume.Resize
        where resize is not null && (resize.Motion == ResizeMotion.Stopped || IsLate(volume, facts))
        select new Alert(Id, volume.Name.ToString(), AlertSeverity.Warning, AlertTexts.ExpansionStuck(volume.Name, ByteText.Format(resize.FromBytes), ByteText.Format(resize.ToBytes)),
            resize.Text, AlertObjects.OnVolume(volume));

    private static bool IsLate(Volume volume, AlertFacts facts) => volume.Claim!.Status.Conditions
        .Where(condition => condition is { Type: "Resizing" or "FileSystemResizePending", Status: "True" })
        .Any(condition => facts.Now - condition.LastTransitionTime >= TimeSpan.FromMinutes(facts.Thresholds.ExpansionMinutes));
}
