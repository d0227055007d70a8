using Portal.Core.Agents;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>Why charts of a node that go on show nothing.</summary>
public static class NodeMeasuring
{
    /// <summary>null when its agent measures, and there is nothing to show.</summary>
    /// <param name="agent">The node's agent; null where none has connected.</param>
    public static string? WhyNothing(string node, NodeAgent? agent, LiveRates rates, DateTimeOffset now) => agent switch
    {
        null => ChartTexts.NoAgentOf(node),
        // The chart says since when.
        { IsConnected: false } => null,
        _ when now - agent.ConnectedAt < AgentsMeasuring.Patience => ChartTexts.NotYetOfAgent(node, (int)(2 * AgentPace.Unwatched).TotalSeconds),
        _ when rates.Find(node) is not { } latest || now - DateTimeOffset.FromUnixTimeMilliseconds(latest.At) > AgentsMeasuring.Patience => ChartTexts.SilentAgent(node),
        _ => null,
    };
}
