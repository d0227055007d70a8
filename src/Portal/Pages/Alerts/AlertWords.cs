using System.Globalization;
using Portal.Alerts;
using Portal.Components;
using Portal.Core.Alerts;

namespace Portal.Pages.Alerts;

/// <summary>How alerts read.</summary>
internal static class AlertWords
{
    public static string SeverityOf(AlertSeverity severity) => severity switch { AlertSeverity.Critical => AlertsTexts.Critical, AlertSeverity.Warning => AlertsTexts.Warning, _ => AlertsTexts.Notice };

    public static BadgeTone ToneOf(AlertSeverity severity) => severity switch { AlertSeverity.Critical => BadgeTone.Bad, AlertSeverity.Warning => BadgeTone.Warn, _ => BadgeTone.Quiet };

    public static string RuleOf(string rule) => AlertRules.Rule(rule)?.Title.ToString() ?? rule;

    public static string StateOf(KeptAlert kept, AlertBoard board, DateTimeOffset now) =>
        kept.ResolvedAt is not null ? AlertsTexts.Resolved : board.SilenceOf(kept.Alert, now) is not null ? AlertsTexts.Silenced : kept.AcknowledgedBy is not null ? AlertsTexts.Acknowledged : AlertsTexts.Firing;

    public static string Moment(DateTimeOffset at) => at.ToLocalTime().ToString("g", CultureInfo.CurrentCulture);
}
