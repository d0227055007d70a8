namespace Portal.Agents;

/// <summary>What a token proves.</summary>
/// <param name="Node">The one node that its bearer may speak for; null when it proves nothing.</param>
/// <param name="Reason">Why it proves nothing: for the audit, not for whoever sent it.</param>
public sealed record AgentVerdict(string? Node, DateTimeOffset? ValidUntil, string Reason)
{
    /// <summary>Nobody could be asked: the token may be good, and its bearer comes again.</summary>
    public bool IsUnknown { get; init; }

    public static AgentVerdict Refused(string reason) => new(null, null, reason);
}
