using Portal.Core.Alerts;

namespace Portal.Alerts.Channels;

/// <summary>What a person typed about a channel.</summary>
/// <param name="Settings">An address or secret that is empty stays as it is kept.</param>
/// <param name="DropsSecret">The kept secret goes.</param>
public sealed record ChannelDraft(string Name, ChannelSettings Settings, bool DropsSecret, AlertSeverity LeastSeverity, string Language);
