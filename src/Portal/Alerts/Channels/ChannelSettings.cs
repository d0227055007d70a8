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

    /// <summary>These, with the kept address and secret where none was typed.</summary>
    public ChannelSettings Over(ChannelSettings kept, bool dropsSecret) =>
        this with { Url = Url.Length > 0 ? Url : kept.Url, Secret = dropsSecret ? "" : Secret.Length > 0 ? Secret : kept.Secret };

    /// <summary>Whether a secret goes to the same place, as the same user, and no less protected than by the other settings.</summary>
    public bool LeadsWhere(ChannelSettings other) => Url == other.Url && Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase) && Port == other.Port && User == other.User
        && (Security == other.Security || Security != "none");

    /// <summary>What may be shown again.</summary>
    public ChannelSettings WithoutSecrets() => this with { Url = "", Secret = "" };

    public override string ToString() => Shown;
}
