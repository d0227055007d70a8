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

/// <summary>By how much a volume is expanded each time, and how often that happens.</summary>
public sealed record VolumeGrowth(long Bytes, TimeSpan Every);

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

    /// <summary>How its file system fills, in bytes; null where that goes by its age.</summary>
    public FillCurve? Fill { get; init; }

    /// <summary>How it is expanded again and again, before and after the scenario begins; null where its size stays.</summary>
    public VolumeGrowth? Growth { get; init; }

    /// <summary>When it was made, in days before the scenario begins; null where it counts as new.</summary>
    public double? MadeDaysAgo { get; init; }

    /// <summary>When it was deleted, in days before the scenario begins: only the past knows of it.</summary>
    public double? GoneDaysAgo { get; init; }

    /// <summary>The name of its PersistentVolume and of its LogicalVolume.</summary>
    public string VolumeName => "pvc-" + Uid("PersistentVolumeClaim");

    /// <summary>What it has then; <see cref="Size"/> is what it has when the scenario begins.</summary>
    internal long BytesAt(TimeSpan sinceBeginning) => Sizes.BytesOf(Size) + GrownAt(sinceBeginning);

    /// <summary>By how much it is larger than when the scenario begins; below zero before.</summary>
    internal long GrownAt(TimeSpan sinceBeginning) => Growth is null ? 0 : Growth.Bytes * (long)Math.Floor((sinceBeginning / Growth.Every) + 0.5);

    internal bool IsThereAt(TimeSpan sinceBeginning) =>
        (MadeDaysAgo is not { } made || sinceBeginning.TotalDays >= -made) && (GoneDaysAgo is not { } gone || sinceBeginning.TotalDays < -gone);

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
                ["volumeName"] = VolumeName,
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Asked ?? Size } },
            },
            ["status"] = status,
        });
    }
}
