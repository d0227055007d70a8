namespace Portal.Alerts.Channels;

/// <summary>The other side did not take what was sent, or was not reached.</summary>
public sealed class ChannelException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Sent again, it would be refused again: the address or the secret is wrong.</summary>
    public bool IsFinal { get; init; }
}
