using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;

namespace Portal.Components.Charts;

/// <summary>Of how many nodes agents measure now: what charts of the whole cluster say of where their numbers come from, and why there are none.</summary>
/// <param name="Nodes">All that the cluster has.</param>
/// <param name="Measured">Those that have told of themselves lately.</param>
/// <param name="Connected">Those whose agent is connected.</param>
/// <param name="Since">Since when the longest connected one is; null when there is none.</param>
public sealed record AgentsMeasuring(int Nodes, int Measured, int Connected, DateTimeOffset? Since)
{
    /// <summary>So long after an agent has connected its numbers may still be on their way.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    // Two rounds of an agent that nobody watches, and one of the portal that adds all nodes up.
    private static readonly TimeSpan FirstWithin = (2 * AgentPace.Unwatched) + IoCharts.ClusterStep;

    public static AgentsMeasuring Of(StorageState storage, AgentsSnapshot agents, LiveRates rates, DateTimeOffset now)
    {
        var since = (now - (3 * AgentPace.Unwatched)).ToUnixTimeMilliseconds();
        var measured = rates.Nodes.Values.Count(node => node.At >= since && agents.Find(node.Node)?.Inventory is not null);
        var (connected, first) = (0, (DateTimeOffset?)null);
        foreach (var agent in agents.Nodes.Values)
        {
            if (!agent.IsConnected) continue;
            connected++;
            if (first is null || agent.ConnectedAt < first) first = agent.ConnectedAt;
        }
        return new(Math.Max(storage.Nodes.Length, measured), measured, connected, first);
    }

    /// <summary>"from the agents of 12 of 14 nodes".</summary>
    public string From => Measured == 0 ? ChartTexts.FromAgents : Measured == Nodes ? ChartTexts.FromAgentsOfAll(Nodes) : ChartTexts.FromAgentsOf(Measured, Nodes);

    /// <summary>Why charts that go on show nothing; null when agents do measure, and there is nothing to show.</summary>
    public string? WhyNothing(DateTimeOffset now) => this switch
    {
        { Connected: 0 } => ChartTexts.NoAgents,
        _ when now - Since < Patience => ChartTexts.NotYetOfAgents(Connected, (int)FirstWithin.TotalSeconds),
        { Measured: 0 } => ChartTexts.SilentAgents(Connected),
        _ => null,
    };
}
