using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Metrics;

namespace Portal.Components.Charts;

/// <summary>A node whose agent measures on but cannot tell: what it measures comes later.</summary>
/// <param name="Since">When the portal lost it.</param>
public sealed record CutOffNode(string Node, DateTimeOffset Since)
{
    /// <summary>Of the nodes whose agents measure some of the series, those that are away, as far as a chart that ends then could show it.</summary>
    public static ImmutableArray<CutOffNode> Of(IEnumerable<SeriesKey> keys, AgentsSnapshot agents, DateTimeOffset to)
    {
        // What the cluster tells of a node goes on without its agent.
        var nodes = keys.Where(key => key.Of.Node.Length > 0 && !MetricStream.IsOfBoth(key) && MetricStream.Of(key) == MetricStream.OfAgent(key.Of.Node)).Select(key => key.Of.Node).Distinct(StringComparer.Ordinal);
        return [.. nodes.Select(agents.Find).OfType<NodeAgent>().Where(agent => agent.OfflineSince < to).Select(agent => new CutOffNode(agent.Node, agent.OfflineSince!.Value))];
    }
}
