using System.Globalization;
using Portal.Core.Alerts;

namespace Portal.Alerts.Channels;

/// <summary>What is told of an alert, in one language.</summary>
/// <param name="Title">One line: "[critical] edge-1/myvg1: Volume group fill".</param>
/// <param name="Next">What to do; "" when it is over.</param>
public sealed record AlertNote(long AlertId, AlertChangeKind Change, Alert Alert, DateTimeOffset At, string Title, string What, string Next)
{
    /// <summary>The page on which to do it; null where the portal's own address is not known.</summary>
    public string? Link { get; init; }

    private static Core.Texts.Message SeverityOf(Alert alert) => alert.Severity switch { AlertSeverity.Critical => ChannelTexts.Critical, AlertSeverity.Warning => ChannelTexts.Warning, _ => ChannelTexts.Notice };

    public static AlertNote Of(long id, AlertChangeKind change, Alert alert, DateTimeOffset at, CultureInfo language)
    {
        var severity = change == AlertChangeKind.Resolved ? ChannelTexts.Resolved.In(language) : SeverityOf(alert).In(language);
        var rule = AlertRules.Rule(alert.Rule)?.Title.In(language) ?? alert.Rule;
        return new(id, change, alert, at, $"[{severity}] {rule}: {alert.Object}", alert.What.In(language), change == AlertChangeKind.Resolved ? "" : alert.Next.In(language));
    }
}
