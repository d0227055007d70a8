using Portal.Core.Forecast;
using Portal.Core.Metrics;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Core.Alerts.Rules;

/// <summary>What goes on as it did is full within days.</summary>
internal sealed class FillsSoon : IAlertRule
{
    public string Id => "fills-soon";

    public Message Title => AlertTexts.FillsSoonTitle;

    public IEnumerable<Alert> Find(AlertFacts facts)
    {
        foreach (var volume in facts.Storage.ClaimedVolumes)
        {
            if (AlertObjects.MeasuredAs(volume) is { } measured && Of(facts, measured, volume.Name.ToString(), AlertTexts.NameVolume(volume.Name), AlertTexts.FillsSoonNextVolume, AlertObjects.OnVolume(volume)) is { } alert)
                yield return alert;
        }
        foreach (var measured in facts.Forecasts.Keys.Where(measured => measured.Kind is MeasuredKind.VolumeGroup or MeasuredKind.ThinPool))
        {
            var name = measured.Kind == MeasuredKind.VolumeGroup ? AlertTexts.NameGroup(measured.Name, measured.Node) : AlertTexts.NamePool(measured.Name, measured.Node);
            if (Of(facts, measured, $"{measured.Node}/{measured.Name}", name, AlertTexts.FillsSoonNextGroup(measured.Node), AlertObjects.OnNode(measured.Node)) is { } alert) yield return alert;
        }
    }

    private Alert? Of(AlertFacts facts, Measured measured, string of, Message name, Message next, MendingPlace place)
    {
        // What is full already is said by another rule.
        if (facts.Forecasts.GetValueOrDefault(measured) is not { Trend: FillTrend.Filling } forecast || forecast.RemainingAt(facts.Now) is not { } left) return null;
        return facts.Thresholds.ForecastDays.Below(left.TotalDays, facts.StandingOf(Id, of)) is { } severity ? new(Id, of, severity, AlertTexts.FillsSoon(name, forecast.Text), next, place) : null;
    }
}
