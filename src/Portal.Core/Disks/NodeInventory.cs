using System.Collections.Immutable;
using Portal.Core.Lvm;
using Portal.Core.NodeCommands;

namespace Portal.Core.Disks;

/// <summary>What a node stores on, as its agent has read it in one go.</summary>
/// <param name="TakenAt">When, by the node's clock.</param>
public sealed record NodeInventory(DateTimeOffset TakenAt)
{
    public static readonly NodeInventory Empty = new(DateTimeOffset.MinValue);

    /// <summary>Changes whenever the node starts: <c>/proc/sys/kernel/random/boot_id</c>.</summary>
    public string BootId { get; init; } = "";

    /// <summary>"5.10.0-28-amd64".</summary>
    public string KernelVersion { get; init; } = "";

    /// <summary>"2.03.16(2) (2022-05-18)"; null where lvm is not installed.</summary>
    public string? LvmVersion { get; init; }

    /// <summary>Whether the kernel offers device-mapper: without it volume groups can be made, and no volume activated.</summary>
    public bool HasDeviceMapper { get; init; }

    public ImmutableArray<BlockDevice> Devices { get; init; } = [];

    public ImmutableArray<LvmVolumeGroup> VolumeGroups { get; init; } = [];

    public ImmutableArray<LvmPhysicalVolume> PhysicalVolumes { get; init; } = [];

    public ImmutableArray<LvmLogicalVolume> LogicalVolumes { get; init; } = [];

    public ImmutableArray<LoopDevice> LoopDevices { get; init; } = [];

    /// <summary>File systems of the host that files of loop devices may lie on.</summary>
    public ImmutableArray<HostFileSystem> FileSystems { get; init; } = [];

    /// <summary>What its agent permits.</summary>
    public NodeLimits Limits { get; init; } = NodeLimits.Default;

    /// <summary>null on a node where kube-scheduler does not run.</summary>
    public NodeScheduler? Scheduler { get; init; }

    /// <summary>What could not be read, each a tool's own words; empty when all was.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    public BlockDevice? FindDevice(string path) => Devices.FirstOrDefault(device => device.Path == path || device.StablePaths.Contains(path));

    public LvmVolumeGroup? FindVolumeGroup(string name) => VolumeGroups.FirstOrDefault(group => group.Name == name);

    /// <summary>What lvm knows of a device; null while it is no physical volume.</summary>
    public LvmPhysicalVolume? FindPhysicalVolume(BlockDevice device) =>
        PhysicalVolumes.FirstOrDefault(volume => volume.Device == device.Path || device.StablePaths.Contains(volume.Device));

    /// <summary>The kernel's device of a logical volume; null while it is inactive.</summary>
    public BlockDevice? DeviceOf(LvmLogicalVolume volume) =>
        volume.DeviceNumber is { } number ? Devices.FirstOrDefault(device => device.Number == number) : null;

    /// <summary>Where a logical volume's file system is mounted, on the volume itself or on what encrypts it; null where it is not.</summary>
    public string? MountPointOf(LvmLogicalVolume volume) => DeviceOf(volume) is { } device
        ? Above(device).Prepend(device).SelectMany(one => one.MountPoints).FirstOrDefault(place => place.StartsWith('/')) : null;

    /// <summary>Everything made from a device, layer upon layer: partitions, mapped devices, arrays.</summary>
    public ImmutableArray<BlockDevice> Above(BlockDevice device) => Reached(device, one => one.Children);

    /// <summary>Everything that a device is made from.</summary>
    public ImmutableArray<BlockDevice> Below(BlockDevice device) => Reached(device, one => one.Parents);

    private ImmutableArray<BlockDevice> Reached(BlockDevice from, Func<BlockDevice, ImmutableArray<string>> next)
    {
        var names = new List<string>(next(from));
        var found = ImmutableArray.CreateBuilder<BlockDevice>();
        for (var i = 0; i < names.Count; i++)
        {
            // A device may be reached on two ways, or not be listed.
            if (names.IndexOf(names[i]) < i || names[i] == from.Name || Devices.FirstOrDefault(one => one.Name == names[i]) is not { } device) continue;
            found.Add(device);
            names.AddRange(next(device));
        }
        return found.ToImmutable();
    }
}

/// <summary>A loop device that the agent has made, or found.</summary>
/// <param name="Path">"/dev/loop3"; null while the file is not attached.</param>
/// <param name="FilePath">The file behind it, on the host.</param>
/// <param name="IsManaged">The agent keeps it: it attaches it again after each start of the node.</param>
/// <param name="IsDirectIo">Its reads and writes do not go through the page cache a second time.</param>
public sealed record LoopDevice(string? Path, string FilePath, long SizeBytes, bool IsManaged, bool IsDirectIo)
{
    /// <summary>The file is not there any more.</summary>
    public bool IsFileMissing { get; init; }
}

/// <param name="MountPoint">On the host: "/var".</param>
public sealed record HostFileSystem(string MountPoint, string Type, long SizeBytes, long AvailableBytes);

/// <summary>kube-scheduler on a control-plane node.</summary>
/// <param name="Arguments">Its command line, from <c>/proc</c>: "--config=/etc/kubernetes/scheduler-config.yaml".</param>
public sealed record NodeScheduler(ImmutableArray<string> Arguments)
{
    /// <summary>Its manifest, the files that its arguments name under /etc/kubernetes, and all in /etc/kubernetes/kube-scheduler.</summary>
    public ImmutableArray<NodeFile> Files { get; init; } = [];
}

/// <param name="Sha256">Of its bytes, in lower-case hexadecimal digits.</param>
public sealed record NodeFile(string Path, string Sha256);
