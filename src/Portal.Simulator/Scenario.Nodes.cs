using System.Collections.Immutable;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator;

public sealed partial record Scenario
{
    private const long Gibibyte = 1L << 30;
    private const string DiskNode = "superedge.io/local.pv";

    /// <summary>A SuperEdge site: one master, six edge nodes of different disks, one of them cut off, one without a volume group.</summary>
    private static ImmutableArray<NodeScenario> SuperEdgeSite =>
    [
        Master("master-1", "192.168.10.10"),
        Edge("edge-hangzhou-1", 11, isEnabled: true, ("/dev/nvme0n1", 500), ("/dev/sdb", 1000)),
        Edge("edge-hangzhou-2", 12, isEnabled: true, ("/dev/nvme0n1", 200)),
        Edge("edge-shaoxing-1", 13, isEnabled: true, ("/dev/sdb", 20)),
        Edge("edge-ningbo-1", 14, isEnabled: true, ("/dev/sdb", 120)) with { OfflineFor = TimeSpan.FromHours(7) },
        Edge("edge-ningbo-2", 15, isEnabled: false, ("/dev/sdb", 120)) with { KernelVersion = "4.19.90-24.4.v2101.ky10.aarch64", Architecture = "arm64", OsImage = "Kylin Linux Advanced Server V10" },
        Edge("edge-wenzhou-1", 16, isEnabled: false, ("/dev/vdb", 100)) with { VolumeGroups = [] },
    ];

    private static NodeScenario Master(string name, string address) => new(name)
    {
        Address = address,
        Labels = ImmutableDictionary<string, string>.Empty.Add("node-role.kubernetes.io/master", "").Add("superedge.io/edge-node", "disable"),
        Taints = ["node-role.kubernetes.io/master=:NoSchedule"],
        Disks = [new SimulatedDisk("/dev/vda", 100 * Gibibyte)],
    };

    private static NodeScenario Edge(string name, int address, bool isEnabled, params (string Device, long Gibibytes)[] disks)
    {
        var labels = ImmutableDictionary<string, string>.Empty.Add("superedge.io/edge-node", "enable");
        return new(name)
        {
            Address = "192.168.10." + address,
            Labels = isEnabled ? labels.Add(DiskNode, "topolvm") : labels,
            Disks = [new SimulatedDisk("/dev/sda", 64 * Gibibyte), .. disks.Select(disk => new SimulatedDisk(disk.Device, disk.Gibibytes * Gibibyte))],
            VolumeGroups = [new VolumeGroupScenario("myvg1", [.. disks.Select(disk => disk.Device)])],
        };
    }
}
