using Microsoft.AspNetCore.Components;
using Portal.Alerts;
using Portal.Components.Lists;
using Portal.Core.Alerts;

namespace Portal.Pages.Alerts;

/// <summary>The columns of the list of alerts, and what it can be narrowed to.</summary>
internal static class AlertColumns
{
    public static IReadOnlyList<ListColumn<KeptAlert>> All(RenderFragment<KeptAlert> what, RenderFragment<KeptAlert> severity, RenderFragment<KeptAlert> state, RenderFragment<KeptAlert> since) =>
    [
        new("what", AlertsTexts.Alert, kept => kept.Alert.What.ToString()) { Cell = what },
        new("severity", AlertsTexts.Severity, kept => AlertWords.SeverityOf(kept.Alert.Severity)) { Cell = severity, SortBy = kept => -(int)kept.Alert.Severity },
        new("state", AlertsTexts.State, kept => kept.ResolvedAt is null ? AlertsTexts.Firing : AlertsTexts.Resolved) { Cell = state, SortBy = kept => kept.ResolvedAt is not null },
        new("since", AlertsTexts.Since, kept => AlertWords.Moment(kept.FiredAt)) { Cell = since, SortBy = kept => kept.FiredAt, GreatestFirst = true },
        new("rule", AlertsTexts.Rule, kept => AlertWords.RuleOf(kept.Alert.Rule)),
        new("object", AlertsTexts.Object, kept => kept.Alert.Object) { IsExtra = true },
        new("resolved", AlertsTexts.ResolvedAt, kept => kept.ResolvedAt is { } at ? AlertWords.Moment(at) : "–") { IsExtra = true, SortBy = kept => kept.ResolvedAt },
    ];

    public static IReadOnlyList<ListFilter<KeptAlert>> Filters() =>
    [
        new("state", AlertsTexts.State, [("firing", AlertsTexts.Firing), ("open", AlertsTexts.OpenState), ("acknowledged", AlertsTexts.Acknowledged), ("resolved", AlertsTexts.Resolved)], (kept, value) => value switch
        {
            "firing" => kept.ResolvedAt is null,
            "open" => kept is { ResolvedAt: null, AcknowledgedBy: null },
            "acknowledged" => kept is { ResolvedAt: null, AcknowledgedBy: not null },
            _ => kept.ResolvedAt is not null,
        }),
        new("severity", AlertsTexts.Severity, [("critical", AlertsTexts.Critical), ("warning", AlertsTexts.Warning), ("notice", AlertsTexts.Notice)], (kept, value) => kept.Alert.Severity.ToString().Equals(value, StringComparison.OrdinalIgnoreCase)),
        new("rule", AlertsTexts.Rule, [.. AlertRules.All.Select(rule => (rule.Id, rule.Title.ToString()))], (kept, value) => kept.Alert.Rule == value),
    ];
}
