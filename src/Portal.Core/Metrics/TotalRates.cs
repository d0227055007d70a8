using Portal.Core.Agents;
using Portal.Core.Disks;

namespace Portal.Core.Metrics;

/// <summary>What a node and all nodes do: the sum of their disks, each piece of work once.</summary>
public static class TotalRates
{
    /// <summary>null when none of the node's disks is measured.</summary>
    public static IoRates? Of(NodeRates node, NodeInventory inventory)
    {
        var disks = MeasuredDisks.Of(inventory).ToHashSet();
        IoRates[] rates = [.. node.Io.Where(one => one.Key.Kind == MeasuredKind.Disk && disks.Contains(one.Key.Name)).Select(one => one.Value)];
        return rates.Length == 0 ? null : IoRates.Sum(rates);
    }

    /// <summary>Of all nodes that were measured since a moment; null when there is none.</summary>
    /// <param name="since">Milliseconds since 1970.</param>
    public static IoRates? Of(LiveRates now, AgentsSnapshot agents, long since)
    {
        IoRates[] rates = [.. now.Nodes.Values.Where(node => node.At >= since)
            .Select(node => agents.Find(node.Node)?.Inventory is { } inventory ? Of(node, inventory) : null).OfType<IoRates>()];
        return rates.Length == 0 ? null : IoRates.Sum(rates);
    }

    /// <summary>The cluster's reading of a moment; null when nothing is measured.</summary>
    public static NodeReading? Reading(LiveRates now, AgentsSnapshot agents, DateTimeOffset at)
    {
        // Agents that nobody watches sample every ten seconds.
        var since = (at - (3 * AgentPace.Unwatched)).ToUnixTimeMilliseconds();
        if (Of(now, agents, since) is not { } total) return null;
        return new("", at.ToUnixTimeMilliseconds(), "", MetricOrigin.Agent)
        {
            Gauges = [.. Metric.Io.Where(metric => !double.IsNaN(total.Of(metric))).Select(metric => new GaugeReading(new(Measured.Cluster, metric), total.Of(metric)))],
        };
    }
}
