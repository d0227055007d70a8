using System.Collections.Immutable;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator;

/// <summary>What a simulated cluster holds at its beginning.</summary>
public sealed partial record Scenario(string Name, ImmutableArray<NodeScenario> Nodes)
{
    /// <summary>The demo's site without workloads: for tests that install and remove.</summary>
    public static readonly Scenario Bare = new("bare", SuperEdgeSite);

    /// <summary>The Kubernetes release that the API server plays.</summary>
    public string ServerVersion { get; init; } = "v1.20.6";

    /// <summary>Whether kube-scheduler asks TopoLVM's extender, which takes a change of its configuration on the master.</summary>
    public bool SchedulerAsksExtender { get; init; } = true;
}
