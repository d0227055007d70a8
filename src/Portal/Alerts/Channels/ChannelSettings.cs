namespace Portal.Alerts.Channels;

/// <summary>Where a channel leads, and what it is let in with. It is kept encrypted, and what is secret in it is never shown again.</summary>
public sealed record ChannelSettings
{
    /// <summary>Of a webhook or robot; the addresses of robots hold their token.</summary>
    public string Url { get; init; } = "";

    /// <summary>What DingTalk signs with, or the bearer token of a webhook.</summary>
    public string Secret { get; init; } = "";

    /// <summary>The mail server.</summary>
    public string Host { get; init; } = "";

    public int Port { get; init; } = 587;

    /// <summary>"starttls", "tls" or "none".</summary>
    public string Security { get; init; } = "starttls";

    public string User { get; init; } = "";
    public string From { get; init; } = "";

    /// <summary>Addresses, separated by commas.</summary>
    public string To { get; init; } = "";

    /// <summary>Where this portal is for those who are told: "https://portal.example/"; "" sends no links.</summary>
    public string PortalUrl { get; init; } = "";

    /// <summary>What a page may show of where it leads: no token.</summary>
    public string Shown => Host.Length > 0 ? $"{To} ({Host}:{Port})" : Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url.Host : "";

    public override string ToString() => Shown;
}
