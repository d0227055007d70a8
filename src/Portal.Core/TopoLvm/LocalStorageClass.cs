using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm;

/// <summary>A StorageClass of TopoLVM, of either group.</summary>
public sealed record LocalStorageClass(StorageClass Object, TopoLvmNames Names)
{
    public const string DefaultAnnotation = "storageclass.kubernetes.io/is-default-class";
    private const string EarlyDefaultAnnotation = "storageclass.beta.kubernetes.io/is-default-class";
    private const string FileSystemParameter = "csi.storage.k8s.io/fstype";

    public string Name => Object.Metadata.Name;

    /// <summary>"" for the default device class.</summary>
    public string DeviceClass => Object.Parameters.GetValueOrDefault(Names.DeviceClassParameter) ?? "";

    /// <summary>Null where TopoLVM's own default, ext4, counts.</summary>
    public string? FileSystem => Object.Parameters.GetValueOrDefault(FileSystemParameter);

    public bool IsImmediate => Object.VolumeBindingMode is null or "" or "Immediate";

    public bool Retains => Object.ReclaimPolicy == "Retain";

    public bool IsDefault => IsDefaultClass(Object);

    /// <summary>Claims that name no class get this one.</summary>
    public static bool IsDefaultClass(StorageClass one) =>
        one.Metadata.Annotations.GetValueOrDefault(DefaultAnnotation) == "true" || one.Metadata.Annotations.GetValueOrDefault(EarlyDefaultAnnotation) == "true";

    public static ImmutableArray<LocalStorageClass> FindAll(ClusterSnapshot cluster) =>
    [
        .. from one in cluster.StorageClasses.Items.Values
           from names in TopoLvmNames.All
           where names.Provisioner == one.Provisioner
           orderby one.Metadata.Name
           select new LocalStorageClass(one, names),
    ];
}
