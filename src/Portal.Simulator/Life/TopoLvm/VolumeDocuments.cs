using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What csi-provisioner and topolvm-controller write for a claim.</summary>
internal static class VolumeDocuments
{
    public static string NameFor(KubeObject claim) => "pvc-" + claim.Metadata.Uid;

    public static KubeObject LogicalVolume(TopoLvmNames names, KubeObject claim, KubeObject storageClass, string node, long bytes)
    {
        var spec = new JsonObject { ["name"] = NameFor(claim), ["nodeName"] = node, ["size"] = Sizes.Text(bytes) };
        if (storageClass.Json.Text("parameters", names.DeviceClassParameter) is { Length: > 0 } deviceClass) spec["deviceClass"] = deviceClass;
        return new KubeObject(new JsonObject
        {
            ["apiVersion"] = names.Group + "/v1",
            ["kind"] = "LogicalVolume",
            ["metadata"] = new JsonObject { ["name"] = NameFor(claim) },
            ["spec"] = spec,
        });
    }

    public static KubeObject PersistentVolume(TopoLvmNames names, KubeObject claim, KubeObject storageClass, KubeObject volume, string handle) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolume",
        ["metadata"] = new JsonObject
        {
            ["name"] = volume.Name,
            ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = names.Provisioner },
            ["finalizers"] = new JsonArray("kubernetes.io/pv-protection"),
        },
        ["spec"] = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = volume.Json.Text("spec", "size") },
            ["accessModes"] = claim.Json["spec"].At("accessModes")?.DeepClone(),
            ["persistentVolumeReclaimPolicy"] = storageClass.Json.Text("reclaimPolicy") is { Length: > 0 } policy ? policy : "Delete",
            ["storageClassName"] = storageClass.Name,
            ["volumeMode"] = claim.Json.Text("spec", "volumeMode") is { Length: > 0 } mode ? mode : "Filesystem",
            ["claimRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["namespace"] = claim.Namespace, ["name"] = claim.Name, ["uid"] = claim.Metadata.Uid },
            ["csi"] = new JsonObject
            {
                ["driver"] = names.Provisioner,
                ["volumeHandle"] = handle,
                ["fsType"] = storageClass.Json.Text("parameters", "csi.storage.k8s.io/fstype"),
            },
            ["nodeAffinity"] = OnlyOn(names.TopologyLabel, volume.Json.Text("spec", "nodeName")),
        },
    });

    private static JsonObject OnlyOn(string label, string node)
    {
        var expression = new JsonObject { ["key"] = label, ["operator"] = "In", ["values"] = new JsonArray(node) };
        var term = new JsonObject { ["matchExpressions"] = new JsonArray(expression) };
        return new JsonObject { ["required"] = new JsonObject { ["nodeSelectorTerms"] = new JsonArray(term) } };
    }
}
