using Portal.Core.Metrics;
using Portal.Core.Texts;

namespace Portal.Core.Alerts.Rules;

/// <summary>The file system of a volume fills up.</summary>
internal sealed class FileSystemFill : IAlertRule
{
    public string Id => "file-system-fill";

    public Message Title => AlertTexts.FileSystemFillTitle;

    public IEnumerable<Alert> Find(AlertFacts facts) =>
        from volume in facts.Storage.ClaimedVolumes
        let measured = AlertObjects.MeasuredAs(volume)
        where measured is not null
        let used = facts.Value(measured.Value, Metric.UsedBytes)
        let size = facts.Value(measured.Value, Metric.SizeBytes)
        where used is not null && size > 0
        let percent = 100 * used.Value / size.Value
        let severity = facts.Thresholds.FileSystem.Above(percent, facts.StandingOf(Id, volume.Name.ToString()))
        where severity is not null
        select new Alert(Id, volume.Name.ToString(), severity.Value,
            AlertTexts.FileSystemFill(volume.Name, AlertObjects.Percent(percent), ByteText.Format((long)(size.Value - used.Value)), ByteText.Format((long)size.Value)),
            volume.WhyNotResize() is { } never ? AlertTexts.FileSystemFillNextFixed(never) : AlertTexts.FileSystemFillNext, AlertObjects.OnVolume(volume));
}
