using System.Text;
using Portal.Core.Alerts;

namespace Portal.Alerts.Channels;

/// <summary>A robot in a WeCom group: https://developer.work.weixin.qq.com/document/path/91770.</summary>
public sealed class WeComChannel(HttpChannel http) : IAlertChannel
{
    // What a robot takes in one message, in bytes of UTF-8.
    private const int MostBytes = 4096;

    // "api freq out of limit": 20 messages a minute. -1 is "system busy".
    private const int TooFast = 45009;
    private const int Busy = -1;

    public string Kind => "wecom";

    public string? WhyNot(ChannelSettings settings) => HttpChannel.IsHttp(settings.Url) ? null : ChannelTexts.UrlMissing.ToString();

    public async Task SendAsync(ChannelSettings settings, AlertNote note, CancellationToken cancel)
    {
        var answer = await http.PostAsync(settings.Url, new { msgtype = "markdown", markdown = new { content = Cut(MarkdownText.Of(note)) } }, null, cancel);
        HttpChannel.CheckRobot(answer, TooFast, Busy);
    }

    private static string Cut(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > MostBytes) text = text[..(text.Length * 9 / 10)];
        return text;
    }
}
