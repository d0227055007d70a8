using System.Collections.Immutable;
using Portal.Core.Disks;

namespace Portal.Core.Metrics;

/// <summary>Which devices of a node do the work of something that is not measured itself; each piece of work is counted once.</summary>
public static class MeasuredDisks
{
    /// <summary>The disks that a node's data lies on: devices that are made of no other one, loop devices over files of such a disk left out.</summary>
    public static ImmutableArray<string> Of(NodeInventory inventory) =>
        [.. inventory.Devices.Where(device => device.Parents.IsEmpty && device is { Kind: not ("loop" or "rom"), SizeBytes: > 0 }).Select(device => device.Name)];

    /// <summary>The physical volumes of a volume group.</summary>
    public static ImmutableArray<string> Of(NodeInventory inventory, string volumeGroup) =>
    [
        .. inventory.PhysicalVolumes.Where(volume => volume.VolumeGroup == volumeGroup && !volume.IsMissing)
            .Select(volume => inventory.FindDevice(volume.Device) is { } device ? NameOf(device) : null).OfType<string>(),
    ];

    // Devices that device-mapper makes are measured under its name for them.
    private static string NameOf(BlockDevice device) => device.Path.StartsWith("/dev/mapper/", StringComparison.Ordinal) ? device.Path["/dev/mapper/".Length..] : device.Name;
}
