using System.Security.Cryptography;
using System.Text;
using Portal.Core.Disks;
using Portal.Core.Lvm;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>A simulated node's disks as an agent reads them: lsblk, lvm and the kernel would say the same of them.</summary>
/// <param name="numberOf">The kernel's minor number of a logical volume, by group and name.</param>
internal sealed class SimulatedInventory(SimulatedNode node, NodeState state, Func<string, int> numberOf)
{
    private const string Member = "LVM2_member";

    private NodeStorage Storage => state.Storage;

    public static string StablePath(SimulatedNode node, SimulatedDisk disk) => $"/dev/disk/by-id/simulated-{node.Name}-{disk.Device.Split('/')[^1]}";

    public NodeInventory Read(DateTimeOffset now) => new(now)
    {
        BootId = Uuid("boot"),
        KernelVersion = node.Scenario.KernelVersion,
        LvmVersion = "2.03.07(2) (2019-11-30)",
        HasDeviceMapper = true,
        Devices = [.. Storage.Disks.SelectMany(DiskWithParts), .. Storage.VolumeGroups.Values.SelectMany(group => VolumesOf(group).Select(Mapped))],
        VolumeGroups = [.. Storage.VolumeGroups.Values.OrderBy(group => group.Name, StringComparer.Ordinal).Select(GroupOf)],
        PhysicalVolumes = [.. Storage.VolumeGroups.Values.SelectMany(PhysicalVolumesOf), .. Storage.Prepared.Select(Unused)],
        LogicalVolumes = [.. Storage.VolumeGroups.Values.SelectMany(VolumesOf)],
        Scheduler = Scheduler,
        LoopDevices = [.. Storage.Loops.Select(loop => new LoopDevice(loop.Device, loop.FilePath, loop.SizeBytes, IsManaged: true, IsDirectIo: loop.Device is not null))],
        FileSystems = SystemDisk is { } disk ? [new("/", "ext4", disk.SizeBytes, (disk.SizeBytes / 10 * 6) - Storage.Loops.Sum(loop => loop.SizeBytes))] : [],
    };

    private NodeScheduler? Scheduler => state.Scheduler is not { } scheduler ? null : new(scheduler.Arguments)
    {
        Files = [.. scheduler.Files.Select(file => new NodeFile(file.Key, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Value)))))],
    };

    // The first disk carries the system, unless LVM has it.
    private SimulatedDisk? SystemDisk => Storage.Disks.FirstOrDefault() is { } first && GroupWith(first.Device) is null && !Storage.Prepared.Contains(first.Device) ? first : null;

    private IEnumerable<BlockDevice> DiskWithParts(SimulatedDisk disk, int index)
    {
        var name = disk.Device.Split('/')[^1];
        var device = Storage.Loops.FirstOrDefault(loop => loop.Device == disk.Device) is { } loop
            ? new BlockDevice(name, disk.Device, "loop", disk.SizeBytes) { Number = "7:" + name["loop".Length..], BackingFile = loop.FilePath }
            : new BlockDevice(name, disk.Device, "disk", disk.SizeBytes)
            {
                Number = $"{(name.StartsWith("nvme", StringComparison.Ordinal) ? 259 : 8)}:{index * 16}",
                StablePaths = [StablePath(node, disk)],
                Model = "Simulated disk",
                Serial = $"{node.Name}-{name}",
            };
        if (disk != SystemDisk)
        {
            var isMember = Storage.Prepared.Contains(disk.Device) || GroupWith(disk.Device) is not null;
            var above = GroupWith(disk.Device) is { } group ? VolumesOf(group).Where(volume => volume.Devices.Contains(disk.Device)).Select(MappedName) : [];
            yield return isMember ? device with { Signature = Member, Signatures = [new(536, Member, "raid", null, Uuid(disk.Device))], Children = [.. above] } : device;
            yield break;
        }
        var part = name.StartsWith("nvme", StringComparison.Ordinal) ? name + "p1" : name + "1";
        yield return device with { PartitionTable = "gpt", Signatures = [new(512, "gpt", "partition-table", null, null)], Children = [part] };
        yield return new(part, "/dev/" + part, "part", disk.SizeBytes - (2 << 20))
        {
            Number = $"8:{(index * 16) + 1}",
            Signature = "ext4",
            Signatures = [new(1080, "ext4", "filesystem", null, Uuid(part))],
            MountPoints = ["/"],
            Parents = [name],
        };
    }

    private BlockDevice Mapped(LvmLogicalVolume volume) =>
        new(MappedName(volume), $"/dev/mapper/{Escaped(volume.VolumeGroup)}-{Escaped(volume.Name)}", "lvm", volume.SizeBytes)
        {
            Number = volume.DeviceNumber!,
            Parents = [.. volume.Devices.Select(device => device.Split('/')[^1])],
        };

    private static LvmVolumeGroup GroupOf(SimulatedVolumeGroup group) => new(
        group.Name, Uuid("vg " + group.Name), group.SizeBytes, group.FreeBytes, SimulatedVolumeGroup.ExtentBytes, group.Devices.Length, group.Volumes.Count + group.ThinPools.Count, 0) { Attributes = "wz--n-" };

    private IEnumerable<LvmLogicalVolume> VolumesOf(SimulatedVolumeGroup group)
    {
        var places = Places(group);
        foreach (var pool in group.ThinPools.Values.OrderBy(pool => pool.Name, StringComparer.Ordinal))
        {
            yield return Volume(group, pool.Name, pool.SizeBytes) with
            {
                Layout = "thin-pool",
                Attributes = "twi-aotz--",
                DataPercent = pool.DataPercent,
                MetadataPercent = pool.MetadataPercent,
                Devices = places.DevicesOf(pool.Name),
            };
        }
        foreach (var volume in group.Volumes.Values.OrderBy(volume => volume.Name, StringComparer.Ordinal))
        {
            yield return Volume(group, volume.Name, volume.SizeBytes) with
            {
                Layout = volume.Pool is null ? "linear" : "thin",
                Attributes = volume.Pool is null ? "-wi-ao----" : "Vwi-aotz--",
                Pool = volume.Pool,
                Origin = volume.Origin,
                Devices = places.DevicesOf(volume.Pool ?? volume.Name),
            };
        }
    }

    private LvmLogicalVolume Volume(SimulatedVolumeGroup group, string name, long sizeBytes) => new(group.Name, name, Uuid($"lv {group.Name}/{name}"), sizeBytes)
    {
        IsActive = true,
        IsOpen = true,
        DeviceNumber = "253:" + numberOf($"{group.Name}/{name}"),
    };

    private IEnumerable<LvmPhysicalVolume> PhysicalVolumesOf(SimulatedVolumeGroup group)
    {
        var places = Places(group);
        return group.Devices.Select(device =>
        {
            var disk = Storage.Disks.First(disk => disk.Device == device);
            var segments = places.Of(device);
            var free = segments.Where(segment => segment.LogicalVolume is null).Sum(segment => segment.Extents) * SimulatedVolumeGroup.ExtentBytes;
            return new LvmPhysicalVolume(device, Uuid(device), group.Name, group.BytesOn[device], free, disk.SizeBytes) { Segments = segments };
        });
    }

    private LvmPhysicalVolume Unused(string device)
    {
        var size = Storage.Disks.First(disk => disk.Device == device).SizeBytes;
        return new(device, Uuid(device), "", size, size, size);
    }

    private static SimulatedExtents Places(SimulatedVolumeGroup group) => new(group);

    private SimulatedVolumeGroup? GroupWith(string device) => Storage.VolumeGroups.Values.FirstOrDefault(group => group.Devices.Contains(device));

    private static string MappedName(LvmLogicalVolume volume) => "dm-" + volume.DeviceNumber!.Split(':')[1];

    private static string Escaped(string name) => name.Replace("-", "--", StringComparison.Ordinal);

    // The same thing has the same one at each reading.
    private static string Uuid(string of) => new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(of)).AsSpan(0, 16)).ToString();
}
