using Portal.Core.Alerts;

namespace Portal.Alerts.Channels;

/// <summary>Any program that takes JSON.</summary>
public sealed class WebhookChannel(HttpChannel http) : IAlertChannel
{
    public string Kind => "webhook";

    public string? WhyNot(ChannelSettings settings) => HttpChannel.IsHttp(settings.Url) ? null : ChannelTexts.UrlMissing.ToString();

    public async Task SendAsync(ChannelSettings settings, AlertNote note, CancellationToken cancel) => await http.PostAsync(settings.Url, new
    {
        version = 1,
        id = note.AlertId,
        status = note.Change switch { AlertChangeKind.Resolved => "resolved", AlertChangeKind.Worsened => "worsened", _ => "firing" },
        rule = note.Alert.Rule,
        @object = note.Alert.Object,
        severity = note.Alert.Severity.ToString().ToLowerInvariant(),
        title = note.Title,
        text = note.What,
        next = note.Next,
        at = note.At,
        link = note.Link,
    }, settings.Secret, cancel);
}
