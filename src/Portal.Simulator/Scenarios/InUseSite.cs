using System.Collections.Immutable;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Scenarios;

/// <summary>A site that has been in use for long: Kubernetes 1.34, TopoLVM 0.41.0, four nodes with thick volumes and a thin pool each, one node that waits to be
/// set up. In its last month a volume group and a thin pool were filling, a volume was made and one deleted, files came and went at once, and a node was off
/// for some hours.</summary>
internal static class InUseSite
{
    private const long Gibibyte = 1L << 30;

    private const string One = "edge-hangzhou-1";
    private const string Two = "edge-hangzhou-2";
    private const string Small = "edge-shaoxing-1";
    private const string Far = "edge-ningbo-1";

    private static readonly StandingVolume[] Volumes =
    [
        // The group of this node is full in two weeks, if nobody does anything.
        Thick("vision", "recordings", One, 486, Fill(410, 11, 3)) with { Growth = new(2 * Gibibyte, TimeSpan.FromHours(4)) },
        Thick("vision", "frames", One, 120, Fill(61, 0.02, 9)), Thick("mes", "historian", One, 80, Fill(49, 0.62, 0.4)), Thick("telemetry", "buffer", One, 50, Fill(17, 0, 5)),
        Thin("vision", "notebooks", One, 60, Fill(14, 0.03, 0.1)),
        Thick("vision", "models", Two, 40, Fill(22, 0.05, 0.2) with { Jumps = [(12, 9.0 * Gibibyte)] }),
        Thick("mes", "archive", Two, 60, Fill(19, 0.4, 0.3) with { Jumps = [(8, -17.0 * Gibibyte)] }),
        Thick("mes", "queue", Two, 8, Fill(2.2, 0, 1)), Thick("retail", "cache", Two, 6, Fill(2.9, 0, 1.1)),
        Thick("telemetry", "index", Two, 60, Fill(21, 2.1, 0.5)) with { MadeDaysAgo = 9 },
        Thin("lab", "scratch", Two, 40, Fill(7, 0, 0.6)),
        Thick("mes", "reports", Small, 4, Fill(1.3, 0.01, 0.05)), Thick("retail", "catalog", Small, 3, Fill(1.1, 0.003, 0.02)),
        Thin("lab", "dataset", Small, 80, Fill(27, 0.8, 0.1)), Thin("lab", "results", Small, 50, Fill(13, 0.34, 0.1)),
        Thick("ningbo", "gateway", Far, 10, Fill(3.4, 0.02, 0.2)), Thick("ningbo", "history", Far, 35, Fill(18.5, 0.21, 0.2)),
        Thin("ningbo", "images", Far, 20, Fill(4, 0.01, 0.05)),
    ];

    public static Scenario Scenario => CurrentSite.Of("in-use", Nodes, Volumes, volume => $"registry.local/{volume.Namespace}/{volume.Claim}:1.8") with
    {
        Past = new(30)
        {
            Gone = [Thick("mes", "pgdata-old", Two, 90, Fill(38, 0.1, 0.2)) with { GoneDaysAgo = 16 }],
            Away = [(Far, 6.3, 6.0)],
        },
    };

    private static ImmutableArray<NodeScenario> Nodes =>
    [
        CurrentSite.ControlPlane("master-1", "192.168.10.10"),
        Edge(One, 11, 1000, Pool(100, new FillCurve(19, 0.03) { Wave = 0.1 })),
        Edge(Two, 12, 400, Pool(50, new FillCurve(22, 0) { Wave = 1.2 })),
        // Its pool is full in two weeks or so, while its volume group is not.
        Edge(Small, 13, 200, Pool(60, new FillCurve(68, 1.9) { Wave = 0.3 })),
        Edge(Far, 14, 240, Pool(40, new FillCurve(12, 0.02) { Wave = 0.1 })),
        Edge("edge-wenzhou-1", 16, 100, null),
    ];

    private static NodeScenario Edge(string name, int address, long gibibytes, SimulatedThinPool? pool)
    {
        var labels = ImmutableDictionary<string, string>.Empty.Add("superedge.io/edge-node", "enable");
        return CurrentSite.Node(name, $"192.168.10.{address}") with
        {
            Labels = pool is null ? labels : labels.Add(TopoLvmNodeLabel.Key, TopoLvmNodeLabel.Value),
            Disks = [new SimulatedDisk("/dev/sda", 64 * Gibibyte), new SimulatedDisk("/dev/nvme0n1", gibibytes * Gibibyte)],
            VolumeGroups = pool is null ? [] : [new VolumeGroupScenario("myvg1", ["/dev/nvme0n1"]) { ThinPools = [pool] }],
        };
    }

    private static SimulatedThinPool Pool(long gibibytes, FillCurve fill) => new SimulatedThinPool("pool0", gibibytes * Gibibyte) { Fill = fill }.At(TimeSpan.Zero);

    private static FillCurve Fill(double gibibytes, double perDay, double wave) => new(gibibytes * Gibibyte, perDay * Gibibyte) { Wave = wave * Gibibyte };

    private static StandingVolume Thick(string ns, string claim, string node, int gibibytes, FillCurve fill) => new(ns, claim, node, $"{gibibytes}Gi") { Fill = fill, MadeDaysAgo = 140 };

    private static StandingVolume Thin(string ns, string claim, string node, int gibibytes, FillCurve fill) =>
        Thick(ns, claim, node, gibibytes, fill).InPool();
}
