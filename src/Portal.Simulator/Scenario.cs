using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Scenarios;

namespace Portal.Simulator;

/// <summary>What a simulated cluster holds at its beginning.</summary>
public sealed record Scenario(string Name, ImmutableArray<NodeScenario> Nodes)
{
    /// <summary>A SuperEdge site whose workloads wait for storage: TopoLVM is not installed yet.</summary>
    public static readonly Scenario Demo = new("demo", SuperEdgeSite.Nodes) { Objects = [.. SuperEdgeSite.SystemPods, .. DemoWorkloads.All] };

    /// <summary>The demo's site without workloads: TopoLVM can be installed and removed.</summary>
    public static readonly Scenario Bare = new("bare", SuperEdgeSite.Nodes);

    /// <summary>edgeadm has installed TopoLVM 0.10.0 on the site, and somebody has edited lvmd.yaml since.</summary>
    public static readonly Scenario WithEdgeadm = new("with-edgeadm", SuperEdgeSite.Nodes) { HasEdgeadmTopoLvm = true };

    /// <summary>The Kubernetes release that the API server plays.</summary>
    public string ServerVersion { get; init; } = "v1.20.6";

    /// <summary>Whether kube-scheduler asks TopoLVM's extender, which takes a change of its configuration on the master.</summary>
    public bool SchedulerAsksExtender { get; init; } = true;

    /// <summary>The extender's weight in that configuration.</summary>
    public int ExtenderWeight { get; init; } = 100;

    /// <summary>Whether edgeadm's TopoLVM stands already.</summary>
    public bool HasEdgeadmTopoLvm { get; init; }

    /// <summary>What else is there, in the order in which it was created.</summary>
    public ImmutableArray<KubeObject> Objects { get; init; } = [];

    /// <summary>A site of that many edge nodes, each with 1 TiB in myvg1 and enabled: for load.</summary>
    public static Scenario Large(int edgeNodes) => new($"large-{edgeNodes}", [SuperEdgeSite.Master, .. Enumerable.Range(1, edgeNodes).Select(SuperEdgeSite.LargeSiteNode)]);
}
