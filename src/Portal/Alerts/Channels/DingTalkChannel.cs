using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Core.Alerts;

namespace Portal.Alerts.Channels;

/// <summary>A robot in a DingTalk group, signed as https://open.dingtalk.com/document/robots/customize-robot-security-settings describes.</summary>
public sealed class DingTalkChannel(HttpChannel http, TimeProvider time) : IAlertChannel
{
    // "send too fast"; a robot takes 20 messages a minute. -1 is "system busy".
    private const int TooFast = 130101;
    private const int Busy = -1;

    public string Kind => "dingtalk";

    public string? WhyNot(ChannelSettings settings) => HttpChannel.IsHttp(settings.Url) ? null : ChannelTexts.UrlMissing.ToString();

    public async Task SendAsync(ChannelSettings settings, AlertNote note, CancellationToken cancel)
    {
        var answer = await http.PostAsync(Signed(settings, time.GetUtcNow().ToUnixTimeMilliseconds()), new { msgtype = "markdown", markdown = new { title = note.Title, text = MarkdownText.Of(note) } }, null, cancel);
        HttpChannel.CheckRobot(answer, TooFast, Busy);
    }

    /// <summary>The address with timestamp and signature; as it is for a robot that is let in by keyword or address.</summary>
    internal static string Signed(ChannelSettings settings, long milliseconds)
    {
        if (settings.Secret.Length == 0) return settings.Url;
        var timestamp = milliseconds.ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Secret), Encoding.UTF8.GetBytes($"{timestamp}\n{settings.Secret}")));
        var joint = settings.Url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{settings.Url}{joint}timestamp={timestamp}&sign={Uri.EscapeDataString(signature)}";
    }
}
