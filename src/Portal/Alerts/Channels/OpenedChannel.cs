using Portal.Core.Alerts;

namespace Portal.Alerts.Channels;

/// <summary>A channel as the dialog knows it that changes it: of what is secret only whether it is there.</summary>
/// <param name="Settings">Without the address of a robot or webhook, and without secret.</param>
public sealed record OpenedChannel(long Id, string Kind, string Name, ChannelSettings Settings, AlertSeverity LeastSeverity, string Language, string SavedBy)
{
    /// <summary>The host of the kept address; "" where there is none, or none that can be read.</summary>
    public string LeadsTo { get; init; } = "";

    public bool HasSecret { get; init; }

    /// <summary>Another one after each change: each time it is written it is encrypted anew.</summary>
    internal string Version { get; init; } = "";

    public override string ToString() => Name;
}
