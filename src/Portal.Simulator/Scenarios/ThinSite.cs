using System.Collections.Immutable;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Scenarios;

/// <summary>A current cluster: Kubernetes 1.34 and TopoLVM 0.41.0, each node with a thick class and a thin pool.</summary>
internal static class ThinSite
{
    private const long Gibibyte = 1L << 30;

    private static readonly StandingVolume[] Volumes =
    [
        Thin("lab", "dataset", "worker-1", "40Gi"), Thin("lab", "notebooks", "worker-1", "20Gi"), Thin("lab", "models", "worker-2", "200Gi"),
        Thick("shop", "orders", "worker-1", "30Gi"), Thick("shop", "search", "worker-2", "25Gi") with { Asked = "25Gi" }, Thick("shop", "images", "worker-3", "60Gi"),
    ];

    public static Scenario Scenario => CurrentSite.Of("thin", Nodes, Volumes, volume => $"registry.local/{volume.Claim}:1.4");

    private static ImmutableArray<NodeScenario> Nodes =>
    [
        CurrentSite.ControlPlane("control-plane-1", "10.20.0.10"),
        Worker("worker-1", "10.20.0.11", 500, 100, 62), Worker("worker-2", "10.20.0.12", 500, 100, 91), Worker("worker-3", "10.20.0.13", 200, 50, 12),
    ];

    private static NodeScenario Worker(string name, string address, long gibibytes, long poolGibibytes, double dataPercent) => CurrentSite.Node(name, address) with
    {
        Labels = ImmutableDictionary<string, string>.Empty.Add(TopoLvmNodeLabel.Key, TopoLvmNodeLabel.Value),
        Disks = [new SimulatedDisk("/dev/vda", 100 * Gibibyte), new SimulatedDisk("/dev/nvme0n1", gibibytes * Gibibyte)],
        VolumeGroups = [new VolumeGroupScenario("myvg1", ["/dev/nvme0n1"]) { ThinPools = [new("pool0", poolGibibytes * Gibibyte) { DataPercent = dataPercent, MetadataPercent = dataPercent / 4 }] }],
    };

    private static StandingVolume Thick(string ns, string claim, string node, string size) => new(ns, claim, node, size);

    private static StandingVolume Thin(string ns, string claim, string node, string size) => Thick(ns, claim, node, size).InPool();
}
