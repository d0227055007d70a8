using System.Globalization;
using Portal.Alerts;
using Portal.Components;
using Portal.Core.Alerts;

namespace Portal.Pages.Alerts;

/// <summary>How alerts read.</summary>
internal static class AlertWords
{
    public static string SeverityOf(AlertSeverity severity) => severity == AlertSeverity.Critical ? AlertsTexts.Critical : AlertsTexts.Warning;

    public static BadgeTone ToneOf(AlertSeverity severity) => severity == AlertSeverity.Critical ? BadgeTone.Bad : BadgeTone.Warn;

    public static string RuleOf(string rule) => AlertRules.Rule(rule)?.Title.ToString() ?? rule;

    public static string StateOf(KeptAlert kept, AlertBoard board, DateTimeOffset now) =>
        kept.ResolvedAt is not null ? AlertsTexts.Resolved : board.SilenceOf(kept.Alert, now) is not null ? AlertsTexts.Silenced : kept.AcknowledgedBy is not null ? AlertsTexts.Acknowledged : AlertsTexts.Firing;

    public static string Moment(DateTimeOffset at) => at.ToLocalTime().ToString("g", CultureInfo.CurrentCulture);
}
