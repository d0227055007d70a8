using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;

namespace Portal.Simulator.Scenarios;

/// <summary>The demo's site in use: TopoLVM 0.10.0 and volumes in every state that has to be explained.</summary>
internal static class StorageSite
{
    private const string One = "edge-hangzhou-1";
    private const string Two = "edge-hangzhou-2";
    private const string Small = "edge-shaoxing-1";
    private const string Offline = "edge-ningbo-1";

    // Each of these has a Deployment of its name whose pod runs.
    private static readonly StandingVolume[] Used =
    [
        new("vision", "recordings", One, "300Gi"), new("vision", "frames", One, "120Gi"), new("vision", "models", Two, "40Gi"), new("vision", "labels", Two, "6Gi"),
        new("mes", "pgdata", One, "20Gi"), new("mes", "queue", Two, "8Gi"), new("mes", "historian", One, "80Gi"), new("mes", "reports", Small, "4Gi"),
        new("retail", "cache", Two, "4Gi"), new("retail", "receipts", One, "16Gi"), new("retail", "catalog", Small, "3Gi"),
        new("telemetry", "buffer", One, "50Gi"), new("telemetry", "index", Two, "24Gi"),
        new("ningbo", "gateway", Offline, "10Gi"), new("ningbo", "history", Offline, "35Gi"),
        // Asks for more than its node has.
        new("mes", "archive", Two, "60Gi") { Asked = "900Gi" },
    ];

    private static readonly StandingVolume[] Unused =
    [
        // Grown, and its file system waits for a pod.
        new("telemetry", "spool", One, "30Gi") { Asked = "30Gi", FileSystemSize = "20Gi" },
        new("retail", "backup", Small, "5Gi") { Asked = "40Gi", GrowthRefused = "no enough space left on VG: free=8585740288, requested=37580963840" },
        new("retail", "ledger-2021", One, "12Gi") { Parts = StandingParts.Released, StorageClass = "topolvm-retain" },
        new("mes", "pgdata-old", Two, "20Gi") { Parts = StandingParts.Released, StorageClass = "topolvm-retain" },
        new("vision", "abandoned", One, "15Gi") { Parts = StandingParts.LogicalVolumeOnly },
        new("vision", "lost", Two, "18Gi") { Parts = StandingParts.PersistentVolumeOnly },
    ];

    private static IEnumerable<StandingVolume> Volumes => [.. Used, .. Unused];

    public static Scenario Scenario => new("storage", Scenario.WithVolumes(SuperEdgeSite.Nodes, Volumes))
    {
        Standing = new InstallSpec(),
        Objects =
        [
            .. SuperEdgeSite.SystemPods,
            .. Volumes.Select(volume => volume.Namespace).Distinct().Select(DemoWorkloads.Namespace),
            Class("topolvm-retain", "Retain", "WaitForFirstConsumer", true), Class("topolvm-immediate", "Delete", "Immediate", true), Class("topolvm-fixed", "Delete", "WaitForFirstConsumer", false),
            .. Used.Select(volume => DemoWorkloads.Deployment(volume.Namespace, volume.Claim, $"registry.local/{volume.Namespace}/{volume.Claim}:1.8", volume.Claim)),
            Quota("retail", "60Gi"),
            // Nobody uses it, it fits nowhere, its class is not there.
            DemoWorkloads.Claim("telemetry", "prepared", "prepared", "10Gi"),
            DemoWorkloads.Claim("vision", "warehouse", "warehouse", "3Ti"), DemoWorkloads.Deployment("vision", "warehouse", "registry.local/vision/warehouse:1.0", "warehouse"),
            DemoWorkloads.Claim("mes", "ramdisk", "ramdisk", "2Gi", "topolvm-nvme"), DemoWorkloads.Deployment("mes", "ramdisk", "registry.local/mes/ramdisk:0.3", "ramdisk"),
        ],
        Volumes = () => Volumes,
    };

    private static KubeObject Class(string name, string reclaimPolicy, string bindingMode, bool allowsExpansion) => new(new JsonObject
    {
        ["apiVersion"] = "storage.k8s.io/v1",
        ["kind"] = "StorageClass",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["provisioner"] = TopoLvmNames.Legacy.Provisioner,
        ["parameters"] = new JsonObject { ["csi.storage.k8s.io/fstype"] = "xfs" },
        ["reclaimPolicy"] = reclaimPolicy,
        ["volumeBindingMode"] = bindingMode,
        ["allowVolumeExpansion"] = allowsExpansion,
    });

    private static KubeObject Quota(string ns, string storage) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ResourceQuota",
        ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = "storage" },
        ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["requests.storage"] = storage, ["persistentvolumeclaims"] = "6" } },
    });
}
