using System.Collections.Immutable;
using Portal.Core.Agents;

namespace Portal.Core.Metrics;

/// <summary>What a thing reads and writes now.</summary>
/// <param name="At">When it was measured last, in milliseconds since 1970.</param>
public sealed record Talker(Measured Of, IoRates Io, long At);

/// <summary>Finds what is busiest now: the few at the top of however many there are.</summary>
public static class TopTalkers
{
    /// <param name="agents">Who knows which disks a node has: a node is as busy as its disks together.</param>
    /// <param name="since">What was measured before this moment, in milliseconds since 1970, is not what is going on now.</param>
    /// <param name="by">The greatest first; what has no number comes last.</param>
    public static ImmutableArray<Talker> Of(LiveRates rates, AgentsSnapshot agents, MeasuredKind kind, long since, int count, Func<IoRates, double> by)
    {
        // The smallest of the best stands at the head, and gives its place to whatever is greater.
        var best = new PriorityQueue<Talker, double>(count + 1);
        foreach (var node in rates.Nodes.Values)
        {
            if (node.At < since) continue;
            if (kind == MeasuredKind.Node)
            {
                if (agents.Find(node.Node)?.Inventory is { } inventory && TotalRates.Of(node, inventory) is { } sum) Add(new(Measured.ANode(node.Node), sum, node.At));
                continue;
            }
            foreach (var (of, io) in node.Io)
                if (of.Kind == kind) Add(new(of, io, node.At));
        }
        var found = new Talker[best.Count];
        for (var at = found.Length - 1; at >= 0; at--) found[at] = best.Dequeue();
        return [.. found];

        void Add(Talker talker)
        {
            var value = by(talker.Io);
            best.Enqueue(talker, double.IsNaN(value) ? double.NegativeInfinity : value);
            if (best.Count > count) best.Dequeue();
        }
    }
}
