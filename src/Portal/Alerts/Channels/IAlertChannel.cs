namespace Portal.Alerts.Channels;

/// <summary>A way on which alerts are told.</summary>
public interface IAlertChannel
{
    /// <summary>Its name in the database: "dingtalk".</summary>
    string Kind { get; }

    /// <summary>Null, or the sentence that says what is missing in the settings.</summary>
    string? WhyNot(ChannelSettings settings);

    /// <exception cref="ChannelException">It was not taken; the message is the other side's own.</exception>
    Task SendAsync(ChannelSettings settings, AlertNote note, CancellationToken cancel);
}
