using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>What a person asks for when a volume is created.</summary>
public sealed partial record VolumeSpec
{
    /// <summary>Annotation by which a resumed operation knows the object that it has made itself.</summary>
    public const string MarkAnnotation = "topolvm-portal/made-by";

    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public string StorageClass { get; init; } = "";

    /// <summary>A quantity: "10Gi".</summary>
    public string Size { get; init; } = "";

    public bool IsBlock { get; init; }

    /// <summary>The VolumeSnapshot of the same namespace whose content it begins with; null for none.</summary>
    public string? FromSnapshot { get; init; }

    /// <summary>The claim of the same namespace whose content it begins with; null for none.</summary>
    public string? FromClaim { get; init; }

    /// <summary>Unique to the operation.</summary>
    public string Mark { get; init; } = Guid.NewGuid().ToString("N");

    public ObjectName ObjectName => new(Namespace, Name);

    /// <summary>Null, or what is wrong with the name.</summary>
    public Message? WhyNotName() => Name.Length is > 0 and <= 253 && DnsName().IsMatch(Name) ? null : VolumeOperationTexts.NameWrong(Name);

    /// <summary>Null, or why it cannot be created in this cluster, as far as that can be known before.</summary>
    public Message? WhyNot(ClusterSnapshot cluster, StorageState storage)
    {
        if (!cluster.Namespaces.Items.TryGetValue(new(null, Namespace), out var ns) || ns.Metadata.IsBeingDeleted) return VolumeOperationTexts.NamespaceMissing(Namespace);
        if (WhyNotName() is { } name) return name;
        if (cluster.Claims.Items.TryGetValue(ObjectName, out var there) && there.Metadata.Annotations.GetValueOrDefault(MarkAnnotation) != Mark) return VolumeOperationTexts.NameTaken(ObjectName);
        if (storage.StorageClasses.FirstOrDefault(one => one.Name == StorageClass) is not { } storageClass) return VolumeOperationTexts.ClassMissing(StorageClass);
        if (VolumeSize.Read(Size, null) is not ({ } size, _)) return VolumeTexts.SizeUnreadable(Size);
        if (WhyNotSource(cluster, size) is { } source) return source;
        var quotas = cluster.ResourceQuotas.Items.Values.Where(quota => quota.Metadata.Namespace == Namespace);
        return StorageQuota.WhyNot([.. quotas], StorageClass, size, isNew: there is null) ?? Placement.WhyNowhere(storage, storageClass, size, IsBlock);
    }

    public KubeObject ToDocument()
    {
        var spec = new JsonObject
        {
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["storageClassName"] = StorageClass,
            ["volumeMode"] = IsBlock ? "Block" : "Filesystem",
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Size } },
        };
        if (FromSnapshot is not null) spec["dataSource"] = new JsonObject { ["apiGroup"] = Kubernetes.Kinds.VolumeSnapshot.Group, ["kind"] = "VolumeSnapshot", ["name"] = FromSnapshot };
        else if (FromClaim is not null) spec["dataSource"] = new JsonObject { ["kind"] = "PersistentVolumeClaim", ["name"] = FromClaim };
        return new(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["metadata"] = new JsonObject { ["namespace"] = Namespace, ["name"] = Name, ["annotations"] = new JsonObject { [MarkAnnotation] = Mark } },
            ["spec"] = spec,
        });
    }

    private Message? WhyNotSource(ClusterSnapshot cluster, Quantity size)
    {
        var least = FromSnapshot is not null ? cluster.VolumeSnapshots.Items.GetValueOrDefault(new(Namespace, FromSnapshot))?.Status.RestoreSize
            : FromClaim is not null ? cluster.Claims.Items.GetValueOrDefault(new(Namespace, FromClaim))?.Status.Capacity.GetValueOrDefault("storage") : null;
        return Quantity.TryParse(least, out var source) && size < source ? VolumeOperationTexts.SmallerThanSource(size, FromSnapshot ?? FromClaim, source) : null;
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex DnsName();
}
