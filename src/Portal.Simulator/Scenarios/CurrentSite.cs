using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Scenarios;

/// <summary>What sites of today have in common: Kubernetes 1.34, TopoLVM 0.41.0, and on each node for storage a volume group with a thick class and a thin one.</summary>
internal static class CurrentSite
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

    /// <param name="imageOf">What uses a volume.</param>
    public static Scenario Of(string name, IEnumerable<NodeScenario> nodes, StandingVolume[] volumes, Func<StandingVolume, string> imageOf) => new(name, Scenario.WithVolumes(nodes, volumes))
    {
        ServerVersion = "v1.34.1",
        SchedulerAsksExtender = false,
        Standing = new InstallSpec { ProfileId = "upstream-0.41.0", Scheduling = SchedulingMode.CapacityTracking },
        LvmdFile = Lvmd,
        Definitions = SnapshotSupport.Definitions,
        Objects =
        [
            SnapshotSupport.Controller, SnapshotSupport.Class("topolvm-snapshots", TopoLvmNames.Current.Provisioner), ThinStorageClass(),
            .. volumes.Select(volume => volume.Namespace).Distinct().Select(DemoWorkloads.Namespace),
            .. volumes.Select(volume => DemoWorkloads.Deployment(volume.Namespace, volume.Claim, imageOf(volume), volume.Claim)),
        ],
        Volumes = () => volumes,
    };

    public static NodeScenario ControlPlane(string name, string address) => Node(name, address) with
    {
        Labels = ImmutableDictionary<string, string>.Empty.Add("node-role.kubernetes.io/control-plane", ""),
        Taints = ["node-role.kubernetes.io/control-plane=:NoSchedule"],
        Disks = [new SimulatedDisk("/dev/vda", 100 * Gibibyte)],
    };

    public static NodeScenario Node(string name, string address) => new(name)
    {
        Address = address,
        ContainerRuntime = "containerd://2.1.4",
        OsImage = "Ubuntu 24.04.2 LTS",
        KernelVersion = "6.8.0-60-generic",
    };

    /// <summary>The volume, in the thin pool of its node.</summary>
    public static StandingVolume InPool(this StandingVolume volume) => volume with { StorageClass = ThinClass, DeviceClass = "thin", Pool = "pool0" };

    private static KubeObject ThinStorageClass() => new(new JsonObject
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
