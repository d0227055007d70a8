using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.Lvm;

namespace Portal.Tests.Core.Disks;

/// <summary>Inventories of nodes, and devices in them.</summary>
internal static class GivenNode
{
    public const long Gibibyte = 1L << 30;

    public const string LoopFolder = "/var/lib/topolvm-portal/loop-devices/";

    private const long Extent = 4L << 20;

    public static NodeInventory With(params ImmutableArray<BlockDevice> devices) => new(DateTimeOffset.UnixEpoch)
    {
        BootId = "boot-1",
        KernelVersion = "5.10.0-28-amd64",
        LvmVersion = "2.03.16(2) (2022-05-18)",
        HasDeviceMapper = true,
        Devices = devices,
        FileSystems = [new("/", "ext4", 100 * Gibibyte, 50 * Gibibyte)],
    };

    public static BlockDevice Disk(string name, long gibibytes = 100) =>
        new(name, "/dev/" + name, "disk", gibibytes * Gibibyte) { Serial = "serial-" + name, Wwn = "wwn-" + name };

    public static BlockDevice Part(string name, string parent) => new(name, "/dev/" + name, "part", 10 * Gibibyte) { Parents = [parent] };

    public static BlockDevice Holding(this BlockDevice disk, params string[] types) => disk with
    {
        Signature = types[0],
        Signatures = [.. types.Select((type, index) => new DiskSignature(1024 + index, type, null, null, type + "-uuid"))],
    };

    /// <summary>The disk as a physical volume of a group, the group in the inventory too; "" for none.</summary>
    public static NodeInventory WithPhysicalVolume(this NodeInventory inventory, string disk, string group, long usedExtents = 0, string? volume = null)
    {
        var device = inventory.FindDevice("/dev/" + disk)!;
        var extents = (device.SizeBytes - (1 << 20)) / Extent;
        var added = new LvmPhysicalVolume(device.Path, "uuid-" + disk, group, extents * Extent, (extents - usedExtents) * Extent, device.SizeBytes)
        {
            Segments = usedExtents == 0 ? [new(0, extents, null)] : [new(0, usedExtents, volume ?? "data"), new(usedExtents, extents - usedExtents, null)],
        };
        return (inventory with
        {
            Devices = inventory.Devices.Replace(device, device.Holding("LVM2_member")),
            PhysicalVolumes = inventory.PhysicalVolumes.Add(added),
        }).Counted(group);
    }

    public static NodeInventory WithLogicalVolume(this NodeInventory inventory, string group, string name, params ImmutableArray<string> devices) => (inventory with
    {
        LogicalVolumes = inventory.LogicalVolumes.Add(new(group, name, "uuid-" + name, Gibibyte) { IsActive = true, Devices = devices, Attributes = "-wi-a-----" }),
    }).Counted(group);

    /// <summary>The disk is lost to its group; its device goes too.</summary>
    public static NodeInventory Without(this NodeInventory inventory, string disk)
    {
        var volume = inventory.PhysicalVolumes.Single(one => one.Device == "/dev/" + disk);
        return (inventory with
        {
            Devices = [.. inventory.Devices.Where(device => device.Name != disk)],
            PhysicalVolumes = inventory.PhysicalVolumes.Replace(volume, volume with { Device = "[unknown]", IsMissing = true, DeviceBytes = 0 }),
        }).Counted(volume.VolumeGroup);
    }

    /// <summary>A loop device on a file of the agent's folder.</summary>
    public static NodeInventory WithLoop(this NodeInventory inventory, string name, string file, long gibibytes = 10) => inventory with
    {
        Devices = inventory.Devices.Add(new(name, "/dev/" + name, "loop", gibibytes * Gibibyte) { BackingFile = LoopFolder + file }),
        LoopDevices = inventory.LoopDevices.Add(new("/dev/" + name, LoopFolder + file, gibibytes * Gibibyte, IsManaged: true, IsDirectIo: true)),
    };

    public static NodeInventory Change(this NodeInventory inventory, string disk, Func<BlockDevice, BlockDevice> change)
    {
        var device = inventory.FindDevice("/dev/" + disk)!;
        return inventory with { Devices = inventory.Devices.Replace(device, change(device)) };
    }

    private static NodeInventory Counted(this NodeInventory inventory, string group)
    {
        if (group.Length == 0) return inventory;
        var members = inventory.PhysicalVolumes.Where(volume => volume.VolumeGroup == group).ToList();
        var counted = new LvmVolumeGroup(group, "uuid-" + group, members.Sum(one => one.SizeBytes), members.Sum(one => one.FreeBytes), Extent, members.Count,
            inventory.LogicalVolumes.Count(volume => volume.VolumeGroup == group), members.Count(one => one.IsMissing)) { Attributes = "wz--n-" };
        return inventory with { VolumeGroups = [.. inventory.VolumeGroups.Where(one => one.Name != group), counted] };
    }
}
