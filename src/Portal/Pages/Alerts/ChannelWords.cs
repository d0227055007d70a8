namespace Portal.Pages.Alerts;

/// <summary>How kinds of channels read.</summary>
internal static class ChannelWords
{
    public static string KindOf(string kind) => kind switch
    {
        "dingtalk" => AlertSettingsTexts.DingTalk,
        "wecom" => AlertSettingsTexts.WeCom,
        "mail" => AlertSettingsTexts.Mail,
        _ => AlertSettingsTexts.Webhook,
    };
}
