using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Simulator.Scenarios;

/// <summary>What is there of a volume.</summary>
public enum StandingParts
{
    /// <summary>Claim, PersistentVolume and LogicalVolume.</summary>
    All,

    /// <summary>The claim is gone; the PersistentVolume is released, and kept.</summary>
    Released,

    /// <summary>Only the LogicalVolume is left.</summary>
    LogicalVolumeOnly,

    /// <summary>The LogicalVolume has gone; a released PersistentVolume is left.</summary>
    PersistentVolumeOnly,
}

/// <summary>A volume that was made before the scenario begins.</summary>
public sealed record StandingVolume(string Namespace, string Claim, string Node, string Size)
{
    public StandingParts Parts { get; init; }

    public string StorageClass { get; init; } = "topolvm-provisioner";

    /// <summary>As the StorageClass names it; "" is the default class.</summary>
    public string DeviceClass { get; init; } = "";

    public string VolumeGroup { get; init; } = "myvg1";

    /// <summary>The thin pool it lives in; null where it is thick.</summary>
    public string? Pool { get; init; }

    public string FileSystem { get; init; } = "xfs";

    /// <summary>What the claim asks for; null where that is its size.</summary>
    public string? Asked { get; init; }

    /// <summary>What the file system has been grown to; null where that is its size.</summary>
    public string? FileSystemSize { get; init; }

    /// <summary>What lvmd said when it was to grow to what the claim asks for; null where it was not tried.</summary>
    public string? GrowthRefused { get; init; }

    private string Uid(string kind) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind} {Namespace}/{Claim}")).AsSpan(0, 16)).ToString();

    /// <summary>Its name in lvm; null where it is on no disk.</summary>
    public string? NameInLvm => Parts == StandingParts.PersistentVolumeOnly ? null : Uid("LogicalVolume");

    /// <summary>The volume on its node's disks.</summary>
    public SimulatedVolume OnDisk => new(Uid("LogicalVolume"), Sizes.BytesOf(Size)) { Pool = Pool };

    /// <summary>The objects of the API that tell of it.</summary>
    public IEnumerable<KubeObject> Documents(TopoLvmNames names)
    {
        var claim = ClaimDocument(names);
        var storageClass = ClassDocument(names);
        var logical = VolumeDocuments.LogicalVolume(names, claim, storageClass, Node, Sizes.BytesOf(Size));
        var metadata = logical.Json["metadata"]!.AsObject();
        metadata["uid"] = Uid("LogicalVolume");
        metadata["finalizers"] = new JsonArray(names.LogicalVolumeFinalizer);
        metadata["labels"] = new JsonObject { ["app.kubernetes.io/created-by"] = "topolvm-controller" };
        logical.Json["status"] = new JsonObject { ["volumeID"] = Uid("LogicalVolume"), ["currentSize"] = Size };
        if (GrowthRefused is not null)
        {
            logical.Json["spec"]!["size"] = Asked;
            (logical.Json["status"]!["code"], logical.Json["status"]!["message"]) = (GrpcCode.ResourceExhausted, GrowthRefused);
        }
        if (Parts == StandingParts.All) yield return claim;
        if (Parts != StandingParts.LogicalVolumeOnly) yield return PersistentVolume(names, claim, storageClass, logical);
        if (Parts != StandingParts.PersistentVolumeOnly) yield return logical;
    }

    private KubeObject PersistentVolume(TopoLvmNames names, KubeObject claim, KubeObject storageClass, KubeObject logical)
    {
        var volume = VolumeDocuments.PersistentVolume(names, claim, storageClass, logical, Uid("LogicalVolume"));
        volume.Json["metadata"]!["uid"] = Uid("PersistentVolume");
        volume.Json["spec"]!["capacity"]!["storage"] = Size;
        volume.Json["status"] = new JsonObject { ["phase"] = Parts == StandingParts.All ? "Bound" : "Released" };
        if (Parts != StandingParts.All) volume.Json["spec"]!["persistentVolumeReclaimPolicy"] = "Retain";
        return volume;
    }

    private KubeObject ClassDocument(TopoLvmNames names)
    {
        var parameters = new JsonObject { ["csi.storage.k8s.io/fstype"] = FileSystem };
        if (DeviceClass.Length > 0) parameters[names.DeviceClassParameter] = DeviceClass;
        return new(new JsonObject { ["metadata"] = new JsonObject { ["name"] = StorageClass }, ["parameters"] = parameters });
    }

    private KubeObject ClaimDocument(TopoLvmNames names)
    {
        var finalizers = new JsonArray("kubernetes.io/pvc-protection");
        if (names == TopoLvmNames.Legacy) finalizers.Add((JsonNode)names.ClaimFinalizer);
        var status = new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["capacity"] = new JsonObject { ["storage"] = FileSystemSize ?? Size },
        };
        if (FileSystemSize is not null)
            status["conditions"] = new JsonArray(new JsonObject { ["type"] = "FileSystemResizePending", ["status"] = "True", ["message"] = "Waiting for user to (re-)start a pod to finish file system resize of volume on node." });
        return new(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["metadata"] = new JsonObject
            {
                ["namespace"] = Namespace,
                ["name"] = Claim,
                ["uid"] = Uid("PersistentVolumeClaim"),
                ["finalizers"] = finalizers,
                ["annotations"] = new JsonObject
                {
                    ["pv.kubernetes.io/bind-completed"] = "yes",
                    ["pv.kubernetes.io/bound-by-controller"] = "yes",
                    ["volume.beta.kubernetes.io/storage-provisioner"] = names.Provisioner,
                    ["volume.kubernetes.io/selected-node"] = Node,
                },
            },
            ["spec"] = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["storageClassName"] = StorageClass,
                ["volumeMode"] = "Filesystem",
                ["volumeName"] = "pvc-" + Uid("PersistentVolumeClaim"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Asked ?? Size } },
            },
            ["status"] = status,
        });
    }
}
