using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;
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

    /// <summary>The demo's site in use: TopoLVM 0.10.0 is installed, with volumes in every state a page has to explain.</summary>
    public static readonly Scenario Storage = StorageSite.Scenario;

    /// <summary>Kubernetes 1.34 with TopoLVM 0.41.0 in use: thin and thick classes, snapshots, capacity tracking.</summary>
    public static readonly Scenario Thin = ThinSite.Scenario;

    /// <summary>A site that has been in use for a month, with a past to tell of: current Kubernetes and TopoLVM, nothing that is stuck.</summary>
    public static readonly Scenario InUse = InUseSite.Scenario;

    /// <summary>The Kubernetes release that the API server plays.</summary>
    public string ServerVersion { get; init; } = "v1.20.6";

    /// <summary>Whether kube-scheduler asks TopoLVM's extender, which takes a change of its configuration on the master.</summary>
    public bool SchedulerAsksExtender { get; init; } = true;

    /// <summary>The extender's weight in that configuration.</summary>
    public int ExtenderWeight { get; init; } = 100;

    /// <summary>Whether edgeadm's TopoLVM stands already.</summary>
    public bool HasEdgeadmTopoLvm { get; init; }

    /// <summary>The TopoLVM that has been running since before the scenario begins; null where none has.</summary>
    public InstallSpec? Standing { get; init; }

    /// <summary>What else is there, in the order in which it was created.</summary>
    public ImmutableArray<KubeObject> Objects { get; init; } = [];

    /// <summary>Definitions of kinds, there before anything that is of them.</summary>
    public ImmutableArray<KubeObject> Definitions { get; init; } = [];

    /// <summary>What a person has made of the standing TopoLVM's lvmd.yaml; null where it is as it was installed.</summary>
    public string? LvmdFile { get; init; }

    /// <summary>Volumes that were made before. Made anew at each call: a large site's need not be held.</summary>
    public Func<IEnumerable<StandingVolume>> Volumes { get; init; } = () => [];

    /// <summary>What happened before; null where nothing is known of that.</summary>
    public SitePast? Past { get; init; }

    /// <summary>Pods that no workload owns.</summary>
    internal Func<StandingPods, IEnumerable<KubeObject>> Pods { get; init; } = _ => [];

    /// <summary>A site of that many edge nodes, each with 1 TiB in myvg1 and enabled: for load.</summary>
    public static Scenario Large(int edgeNodes) => new($"large-{edgeNodes}", LargeSite.Nodes(edgeNodes));

    /// <summary>The same with TopoLVM in use: that many volumes, each with a pod, spread evenly.</summary>
    public static Scenario Large(int edgeNodes, int volumes) => LargeSite.InUse(edgeNodes, volumes);

    /// <summary>The nodes with the volumes on their disks.</summary>
    internal static ImmutableArray<NodeScenario> WithVolumes(IEnumerable<NodeScenario> nodes, IEnumerable<StandingVolume> volumes)
    {
        var onDisks = volumes.Where(volume => volume.NameInLvm is not null).ToLookup(volume => (volume.Node, volume.VolumeGroup), volume => volume.OnDisk);
        return [.. nodes.Select(node => node with { VolumeGroups = [.. node.VolumeGroups.Select(group => group with { Volumes = [.. onDisks[(node.Name, group.Name)]] })] })];
    }
}
