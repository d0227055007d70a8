namespace Portal.Core.Agents;

/// <summary>How often samples are taken.</summary>
public static class AgentPace
{
    /// <summary>While somebody looks at the node.</summary>
    public static TimeSpan Watched { get; } = TimeSpan.FromSeconds(1);

    public static TimeSpan Unwatched { get; } = TimeSpan.FromSeconds(10);
}
