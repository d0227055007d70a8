using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.StorageClasses;

/// <summary>A StorageClass to be made for a device class.</summary>
public sealed record StorageClassChoice
{
    public string Name { get; init; } = "";

    /// <summary>"" for the default device class.</summary>
    public string DeviceClass { get; init; } = "";

    /// <summary>Of TopoLVM: the group of the one that is installed.</summary>
    public string Group { get; init; } = TopoLvmNames.Current.Group;

    public string FileSystem { get; init; } = "xfs";
    public string BindingMode { get; init; } = "WaitForFirstConsumer";
    public string ReclaimPolicy { get; init; } = "Delete";
    public bool AllowExpansion { get; init; } = true;
    public bool IsDefault { get; init; }

    public KubeObject ToObject()
    {
        var names = new TopoLvmNames(Group);
        var parameters = new JsonObject { ["csi.storage.k8s.io/fstype"] = FileSystem };
        if (DeviceClass.Length > 0) parameters[names.DeviceClassParameter] = DeviceClass;
        var metadata = new JsonObject { ["name"] = Name, ["labels"] = new JsonObject { [InstallPlan.ManagedByLabel] = KubeClient.FieldManager } };
        if (IsDefault) metadata["annotations"] = new JsonObject { [LocalStorageClass.DefaultAnnotation] = "true" };
        return new(new JsonObject
        {
            ["apiVersion"] = "storage.k8s.io/v1",
            ["kind"] = "StorageClass",
            ["metadata"] = metadata,
            ["provisioner"] = names.Provisioner,
            ["parameters"] = parameters,
            ["reclaimPolicy"] = ReclaimPolicy,
            ["volumeBindingMode"] = BindingMode,
            ["allowVolumeExpansion"] = AllowExpansion,
        });
    }

    public string ToJson() => InstallJson.Write(this);

    public static StorageClassChoice FromJson(string json) => InstallJson.Read<StorageClassChoice>(json);
}
