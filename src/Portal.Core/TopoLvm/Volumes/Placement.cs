using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>What a node has for claims of a StorageClass.</summary>
/// <param name="LargestBytes">The largest claim that fits there now; 0 when none does.</param>
public sealed record PlacementNode(StorageNode Node, Capacity Capacity, long LargestBytes);

/// <summary>Where a new volume of a StorageClass can lie.</summary>
public static class Placement
{
    /// <summary>The nodes that have the device class, those with most room first.</summary>
    public static ImmutableArray<PlacementNode> Nodes(StorageState storage, LocalStorageClass storageClass)
    {
        var published = storageClass.DeviceClass.Length == 0 ? TopoLvmNames.DefaultClass : storageClass.DeviceClass;
        return
        [
            .. from node in storage.Nodes
               let capacity = node.Capacities.FirstOrDefault(capacity => capacity.DeviceClass == published)
               where capacity is not null
               orderby capacity.LargestClaimBytes descending, node.Name
               select new PlacementNode(node, capacity, capacity.LargestClaimBytes),
        ];
    }

    /// <summary>Null, or why a claim of that size fits on no node now, with the numbers.</summary>
    public static Message? WhyNowhere(StorageState storage, LocalStorageClass storageClass, Quantity size, bool isBlock)
    {
        var nodes = Nodes(storage, storageClass);
        if (nodes.IsEmpty) return VolumeOperationTexts.NoNodeHasClass(storageClass.Name, storageClass.DeviceClass.Length == 0 ? VolumeTexts.DefaultClass : storageClass.DeviceClass);
        var needed = TopoLvmRelease.Of(storage.Installation, storageClass.Names).Sizes.Made(size.Value, isBlock ? null : storageClass.FileSystem ?? "");
        return needed <= nodes[0].LargestBytes ? null : VolumeOperationTexts.FitsNowhere(ByteText.Format(needed), nodes[0].Node.Name, ByteText.Format(nodes[0].LargestBytes));
    }
}
