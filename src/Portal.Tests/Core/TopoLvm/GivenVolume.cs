using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;

namespace Portal.Tests.Core.TopoLvm;

/// <summary>A volume of class ssd on node edge-1, bound and at rest.</summary>
internal static class GivenVolume
{
    public const long Gibibyte = 1L << 30;

    public static Volume Of(string size, long freeBytes, string version = "0.10.0", string deviceClass = "ssd") =>
        new(Claim(size), PersistentVolume(size), LogicalVolume(size, deviceClass), Class(deviceClass))
        {
            Host = new("edge-1", false, true, null, IsEnabled: true, [new Capacity(deviceClass.Length == 0 ? TopoLvmNames.DefaultClass : deviceClass, freeBytes)]),
            Release = TopoLvmRelease.Of(version),
            Names = TopoLvmNames.Legacy,
        };

    public static StorageClass Class(string deviceClass) => new()
    {
        Metadata = new() { Name = "ssd" },
        Provisioner = TopoLvmNames.Legacy.Provisioner,
        Parameters = ImmutableDictionary<string, string>.Empty.Add(TopoLvmNames.Legacy.DeviceClassParameter, deviceClass),
        AllowVolumeExpansion = true,
        VolumeBindingMode = "WaitForFirstConsumer",
    };

    public static PersistentVolumeClaim Claim(string size) => new()
    {
        Metadata = new() { Namespace = "shop", Name = "data", Uid = "data" },
        Spec = new() { StorageClassName = "ssd", VolumeName = "pvc-data", Resources = new() { Requests = Storage(size) } },
        Status = new() { Phase = "Bound", Capacity = Storage(size) },
    };

    private static PersistentVolume PersistentVolume(string size) => new()
    {
        Metadata = new() { Name = "pvc-data" },
        Spec = new() { Csi = new(TopoLvmNames.Legacy.Provisioner, "u"), Capacity = Storage(size), PersistentVolumeReclaimPolicy = "Delete" },
        Status = new() { Phase = "Bound" },
    };

    private static LogicalVolume LogicalVolume(string size, string deviceClass) => new()
    {
        Metadata = new() { Name = "pvc-data" },
        Spec = new() { Name = "pvc-data", NodeName = "edge-1", DeviceClass = deviceClass, Size = size },
        Status = new() { VolumeID = "u", CurrentSize = size },
    };

    private static ImmutableDictionary<string, string> Storage(string size) => ImmutableDictionary<string, string>.Empty.Add("storage", size);
}
