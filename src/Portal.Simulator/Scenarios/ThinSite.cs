using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Scenarios;

/// <summary>A current cluster: Kubernetes 1.34 and TopoLVM 0.41.0, each node with a thick class and a thin pool.</summary>
internal static class ThinSite
{
    private const long Gibibyte = 1L << 30;
    private const string ThinClass = "topolvm-thin";

    private const string Lvmd = """
        socket-name: /run/topolvm/lvmd.sock
        device-classes:
          - name: ssd
            volume-group: myvg1
            default: true
            spare-gb: 10
          - name: thin
            volume-group: myvg1
            type: thin
            thin-pool:
              name: pool0
              overprovision-ratio: 5.0
        """;

    private static readonly StandingVolume[] Volumes =
    [
        Thin("lab", "dataset", "worker-1", "40Gi"), Thin("lab", "notebooks", "worker-1", "20Gi"), Thin("lab", "models", "worker-2", "200Gi"),
        Thick("shop", "orders", "worker-1", "30Gi"), Thick("shop", "search", "worker-2", "25Gi") with { Asked = "25Gi" }, Thick("shop", "images", "worker-3", "60Gi"),
    ];

    public static Scenario Scenario => new("thin", Scenario.WithVolumes(Nodes, Volumes))
    {
        ServerVersion = "v1.34.1",
        SchedulerAsksExtender = false,
        Standing = new InstallSpec { ProfileId = "upstream-0.41.0", Scheduling = SchedulingMode.CapacityTracking },
        LvmdFile = Lvmd,
        Definitions = SnapshotSupport.Definitions,
        Objects =
        [
            SnapshotSupport.Controller, SnapshotSupport.Class("topolvm-snapshots", TopoLvmNames.Current.Provisioner), StorageClass(),
            DemoWorkloads.Namespace("lab"), DemoWorkloads.Namespace("shop"),
            .. Volumes.Select(volume => DemoWorkloads.Deployment(volume.Namespace, volume.Claim, "registry.local/" + volume.Claim + ":1.4", volume.Claim)),
        ],
        Volumes = () => Volumes,
    };

    private static ImmutableArray<NodeScenario> Nodes =>
    [
        new NodeScenario("control-plane-1")
        {
            Address = "10.20.0.10",
            Labels = ImmutableDictionary<string, string>.Empty.Add("node-role.kubernetes.io/control-plane", ""),
            Taints = ["node-role.kubernetes.io/control-plane=:NoSchedule"],
            Disks = [new SimulatedDisk("/dev/vda", 100 * Gibibyte)],
            ContainerRuntime = "containerd://2.1.4",
            OsImage = "Ubuntu 24.04.2 LTS",
            KernelVersion = "6.8.0-60-generic",
        },
        Worker("worker-1", "10.20.0.11", 500, 100, 62), Worker("worker-2", "10.20.0.12", 500, 100, 91), Worker("worker-3", "10.20.0.13", 200, 50, 12),
    ];

    private static NodeScenario Worker(string name, string address, long gibibytes, long poolGibibytes, double dataPercent) => new(name)
    {
        Address = address,
        Labels = ImmutableDictionary<string, string>.Empty.Add(TopoLvmNodeLabel.Key, TopoLvmNodeLabel.Value),
        Disks = [new SimulatedDisk("/dev/vda", 100 * Gibibyte), new SimulatedDisk("/dev/nvme0n1", gibibytes * Gibibyte)],
        VolumeGroups = [new VolumeGroupScenario("myvg1", ["/dev/nvme0n1"]) { ThinPools = [new("pool0", poolGibibytes * Gibibyte) { DataPercent = dataPercent, MetadataPercent = dataPercent / 4 }] }],
        ContainerRuntime = "containerd://2.1.4",
        OsImage = "Ubuntu 24.04.2 LTS",
        KernelVersion = "6.8.0-60-generic",
    };

    private static StandingVolume Thick(string ns, string claim, string node, string size) => new(ns, claim, node, size);

    private static StandingVolume Thin(string ns, string claim, string node, string size) => new(ns, claim, node, size) { StorageClass = ThinClass, DeviceClass = "thin", Pool = "pool0" };

    private static KubeObject StorageClass() => new(new JsonObject
    {
        ["apiVersion"] = "storage.k8s.io/v1",
        ["kind"] = "StorageClass",
        ["metadata"] = new JsonObject { ["name"] = ThinClass },
        ["provisioner"] = TopoLvmNames.Current.Provisioner,
        ["parameters"] = new JsonObject { ["csi.storage.k8s.io/fstype"] = "xfs", [TopoLvmNames.Current.DeviceClassParameter] = "thin" },
        ["volumeBindingMode"] = "WaitForFirstConsumer",
        ["allowVolumeExpansion"] = true,
    });
}
