using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Portal.Core.Lvm;

namespace Portal.Core.Disks;

/// <summary>A physical volume whose disk has grown since.</summary>
/// <param name="Bytes">What its group would get by pvresize.</param>
public sealed record GrownDisk(LvmPhysicalVolume Volume, long Bytes);

/// <summary>Room on a node's disks that can be had at once: nothing stands in the way, and nothing uses it yet.</summary>
/// <param name="Free">Whole disks, ordered by name.</param>
/// <param name="Groups">Volume groups that all of the free disks could go into.</param>
public sealed record DiskOffers(ImmutableArray<BlockDevice> Free, ImmutableArray<string> Groups, ImmutableArray<GrownDisk> Grown)
{
    // Pages ask anew at each signal, for all nodes; an inventory does not change.
    private static readonly ConditionalWeakTable<NodeInventory, DiskOffers> Known = [];

    public bool IsEmpty => Free.IsEmpty && Grown.IsEmpty;

    public static DiskOffers Of(NodeInventory inventory) => Known.GetValue(inventory, Find);

    private static DiskOffers Find(NodeInventory inventory)
    {
        if (inventory.LvmVersion is null) return new([], [], []);
        var free = inventory.Devices.Where(device => device.Kind == "disk" && IsFree(device, inventory, null))
            .OrderBy(device => device.Name, StringComparer.Ordinal).ToImmutableArray();
        var whole = inventory.VolumeGroups.Where(group => group.MissingPhysicalVolumes == 0).ToImmutableArray();
        return new(free,
            [.. whole.Where(group => free.All(disk => IsFree(disk, inventory, group.Name))).Select(group => group.Name)],
            [.. whole.SelectMany(group => inventory.PhysicalVolumes.Where(volume => volume.VolumeGroup == group.Name).Select(volume => new GrownDisk(volume, volume.GrowthBytes(group)))).Where(grown => grown.Bytes > 0)]);
    }

    private static bool IsFree(BlockDevice disk, NodeInventory inventory, string? group) =>
        DiskUse.Of(disk, inventory, inventory.Limits, group).IsFree && inventory.FindPhysicalVolume(disk)?.VolumeGroup is not { Length: > 0 };
}
