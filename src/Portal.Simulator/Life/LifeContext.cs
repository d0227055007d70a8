using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life;

/// <summary>What every behaviour works on: one API server, a current copy of its objects, the insides of the nodes, and the pace.</summary>
public sealed record LifeContext(KubeClient Client, ClusterObjects Objects, ImmutableArray<SimulatedNode> Nodes, Pace Pace, TimeProvider Time, ILogger Log)
{
    private readonly FrozenDictionary<string, SimulatedNode> _nodesByName = Nodes.ToFrozenDictionary(node => node.Name);

    /// <summary>The inside of a node, or null when it is not one of the simulated ones.</summary>
    public SimulatedNode? FindNode(string name) => _nodesByName.GetValueOrDefault(name);
}
