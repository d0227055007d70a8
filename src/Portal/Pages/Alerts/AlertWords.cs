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

    /// <summary>Of all alerts that there have been; the same matter may come again.</summary>
    public static string KeyOf(KeptAlert kept) => $"{kept.Alert.Key} ({kept.Id.ToString(CultureInfo.InvariantCulture)})";

    public static string RuleOf(string rule) => AlertRules.Rule(rule)?.Title.ToString() ?? rule;

    public static string StateOf(KeptAlert kept, AlertBoard board, DateTimeOffset now) =>
        kept.ResolvedAt is not null ? AlertsTexts.Resolved : board.SilenceOf(kept.Alert, now) is not null ? AlertsTexts.Silenced : kept.AcknowledgedBy is not null ? AlertsTexts.Acknowledged : AlertsTexts.Firing;

    public static string Moment(DateTimeOffset at) => at.ToLocalTime().ToString("g", CultureInfo.CurrentCulture);
}
