using System.Globalization;
using Portal.Alerts.Channels;
using Portal.Components;
using Portal.Core.Alerts;
using Portal.Layout;

namespace Portal.Pages.Alerts;

/// <summary>What stands in the fields of the dialog for a channel.</summary>
internal sealed class ChannelForm
{
    private const int UsualPort = 587;

    public string Kind { get; set; } = "webhook";
    public string Name { get; set; } = "";

    /// <summary>"" where the kept one stays.</summary>
    public string Url { get; set; } = "";

    /// <summary>"" where the kept one stays.</summary>
    public string Secret { get; set; } = "";

    public bool DropsSecret { get; set; }
    public string Host { get; set; } = "";
    public int? Port { get; set; } = UsualPort;
    public string Security { get; set; } = "starttls";
    public string User { get; set; } = "";
    public string From { get; set; } = "";
    public string To { get; set; } = "";
    public string PortalUrl { get; set; } = "";
    public string Least { get; set; } = nameof(AlertSeverity.Warning);
    public string Language { get; set; } = CultureInfo.CurrentUICulture.Name;

    public bool IsMail => Kind == "mail";

    public static (string Value, string Text)[] Securities => [("starttls", "STARTTLS"), ("tls", "TLS"), ("none", AlertSettingsTexts.Unencrypted)];

    public static (string Value, string Text)[] Severities => [.. Enum.GetValues<AlertSeverity>().Select(each => (each.ToString(), AlertWords.SeverityOf(each)))];

    public static (string Value, string Text)[] AllLanguages => [.. Languages.All.Select(each => (each.Culture.Name, each.Name))];

    /// <summary>What is seen of a channel, field by field: what is secret is not among it.</summary>
    public static IEnumerable<FormField<ChannelForm>> Fields =>
    [
        new(AlertSettingsTexts.Name, form => form.Name, (form, value) => form.Name = value),
        new(AlertSettingsTexts.Host, form => form.Host, (form, value) => form.Host = value),
        new(AlertSettingsTexts.Port, form => (form.Port ?? UsualPort).ToString(CultureInfo.InvariantCulture), (form, value) => form.Port = int.Parse(value, CultureInfo.InvariantCulture)),
        Chosen(AlertSettingsTexts.Security, Securities, form => form.Security, (form, value) => form.Security = value),
        new(AlertSettingsTexts.User, form => form.User, (form, value) => form.User = value),
        new(AlertSettingsTexts.Sender, form => form.From, (form, value) => form.From = value),
        new(AlertSettingsTexts.Receivers, form => form.To, (form, value) => form.To = value),
        new(AlertSettingsTexts.PortalUrl, form => form.PortalUrl, (form, value) => form.PortalUrl = value),
        Chosen(AlertSettingsTexts.From, Severities, form => form.Least, (form, value) => form.Least = value),
        Chosen(LayoutTexts.Language, AllLanguages, form => form.Language, (form, value) => form.Language = value),
    ];

    public ChannelSettings Settings => IsMail
        ? new() { Host = Host.Trim(), Port = Port ?? UsualPort, Security = Security, User = User.Trim(), Secret = Secret, From = From.Trim(), To = To.Trim(), PortalUrl = PortalUrl.Trim() }
        : new() { Url = Url.Trim(), Secret = Secret.Trim(), PortalUrl = PortalUrl.Trim() };

    public ChannelDraft Draft => new(Name.Trim(), Settings, DropsSecret, Enum.Parse<AlertSeverity>(Least), Language);

    public static ChannelForm Of(OpenedChannel channel)
    {
        var settings = channel.Settings;
        return new()
        {
            Kind = channel.Kind, Name = channel.Name, Host = settings.Host, Port = settings.Port, Security = settings.Security, User = settings.User, From = settings.From, To = settings.To,
            PortalUrl = settings.PortalUrl, Least = channel.LeastSeverity.ToString(), Language = channel.Language,
        };
    }

    /// <summary>Whether the kept secret would go somewhere else, so that it has to be entered again.</summary>
    public bool NeedsSecretAgain(OpenedChannel kept) =>
        kept.HasSecret && !DropsSecret && Secret.Length == 0 && (Url.Trim().Length > 0 || !(Settings with { Url = "" }).LeadsWhere(kept.Settings));

    // In an answer to a person, what they would have chosen stands by the name they know.
    private static FormField<ChannelForm> Chosen(string label, (string Value, string Text)[] choices, Func<ChannelForm, string> get, Action<ChannelForm, string> set) => new(label,
        form => choices.FirstOrDefault(choice => choice.Value == get(form)).Text ?? get(form), (form, text) => set(form, choices.FirstOrDefault(choice => choice.Text == text).Value ?? text));
}
