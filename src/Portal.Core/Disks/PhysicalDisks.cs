using System.Collections.Immutable;

namespace Portal.Core.Disks;

/// <summary>Follows a device down to the disks that its data ends on.</summary>
public static class PhysicalDisks
{
    /// <summary>The device itself where it is made of no other one. A loop device's data ends on the disks of the file system that holds its file; the
    /// loop device stands for them where that file system is not among the node's devices.</summary>
    public static ImmutableArray<BlockDevice> Under(BlockDevice device, NodeInventory inventory)
    {
        var found = new List<BlockDevice>();
        var seen = new HashSet<string>();
        Follow(device);
        return [.. found.OrderBy(disk => disk.Name, StringComparer.Ordinal)];

        void Follow(BlockDevice at)
        {
            if (!seen.Add(at.Name)) return;
            var below = at.BackingFile is { } file && HolderOf(file, inventory) is { } holder ? [holder]
                : inventory.Devices.Where(one => at.Parents.Contains(one.Name)).ToList();
            if (below.Count == 0) found.Add(at);
            below.ForEach(Follow);
        }
    }

    // The innermost mount above the file.
    private static BlockDevice? HolderOf(string file, NodeInventory inventory) =>
        (from device in inventory.Devices
         from place in device.MountPoints
         where place == "/" || file.StartsWith(place + "/", StringComparison.Ordinal)
         orderby place.Length descending
         select device).FirstOrDefault();
}
