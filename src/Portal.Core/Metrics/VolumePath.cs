using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.TopoLvm;

namespace Portal.Core.Metrics;

/// <summary>The way of a logical volume on its node: up to the claim and the Pods that it serves, down to the disks that it lies on.</summary>
/// <param name="Volume">What TopoLVM serves with it; null for a thin pool, and for a volume that is not TopoLVM's.</param>
public sealed record VolumePath(string Node, LvmLogicalVolume LogicalVolume, Volume? Volume, NodeInventory Inventory)
{
    /// <summary>Under which name its IO is measured, whatever number the kernel gives it.</summary>
    public Measured Measured => LogicalVolume.Layout == "thin-pool"
        ? Measured.ThinPool(Node, LogicalVolume.VolumeGroup, LogicalVolume.Name)
        : Measured.LogicalVolume(Node, LogicalVolume.VolumeGroup, LogicalVolume.Name);

    /// <summary>The disks at the bottom, each once: encryption, partitions, arrays and files of loop devices between them and LVM are passed.</summary>
    public ImmutableArray<BlockDevice> Disks =>
    [
        .. LogicalVolume.Devices.Select(Inventory.FindDevice).OfType<BlockDevice>().SelectMany(device => PhysicalDisks.Under(device, Inventory))
            .DistinctBy(disk => disk.Name).OrderBy(disk => disk.Name, StringComparer.Ordinal),
    ];
}
