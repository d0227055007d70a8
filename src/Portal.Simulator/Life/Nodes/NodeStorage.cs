using System.Collections.Immutable;

namespace Portal.Simulator.Life.Nodes;

/// <summary>A disk of a simulated node.</summary>
/// <param name="Device">Its path: "/dev/nvme0n1".</param>
public sealed record SimulatedDisk(string Device, long SizeBytes);

/// <summary>A logical volume in a simulated volume group.</summary>
public sealed record SimulatedVolume(string Name, long SizeBytes);

/// <summary>A volume group of a simulated node; sizes are whole extents, as LVM's are.</summary>
public sealed record SimulatedVolumeGroup(string Name, ImmutableArray<string> Devices, long SizeBytes)
{
    /// <summary>LVM's default extent: every size is rounded up to it.</summary>
    public const long ExtentBytes = 4L << 20;

    public ImmutableDictionary<string, SimulatedVolume> Volumes { get; init; } = ImmutableDictionary<string, SimulatedVolume>.Empty;

    public long FreeBytes => SizeBytes - Volumes.Values.Sum(volume => volume.SizeBytes);

    public static long ToExtents(long bytes) => (bytes + ExtentBytes - 1) / ExtentBytes * ExtentBytes;
}

/// <summary>What a node stores on, as of one moment.</summary>
public sealed record NodeStorage(ImmutableArray<SimulatedDisk> Disks)
{
    public ImmutableDictionary<string, SimulatedVolumeGroup> VolumeGroups { get; init; } = ImmutableDictionary<string, SimulatedVolumeGroup>.Empty;

    /// <summary>As vgcreate does it. Throws <see cref="ArgumentException"/> when the group exists or a disk is unknown or taken.</summary>
    public NodeStorage WithVolumeGroup(string name, params ReadOnlySpan<string> devices)
    {
        if (VolumeGroups.ContainsKey(name)) throw new ArgumentException($"A volume group called {name} already exists.", nameof(name));
        var size = 0L;
        foreach (var device in devices)
        {
            var disk = Disks.FirstOrDefault(disk => disk.Device == device)
                ?? throw new ArgumentException($"Device {device} not found.", nameof(devices));
            if (VolumeGroups.Values.Any(group => group.Devices.Contains(device)))
                throw new ArgumentException($"Physical volume '{device}' is already in a volume group.", nameof(devices));
            // The first megabyte of each disk is LVM's own.
            size += (disk.SizeBytes - (1 << 20)) / SimulatedVolumeGroup.ExtentBytes * SimulatedVolumeGroup.ExtentBytes;
        }
        return this with { VolumeGroups = VolumeGroups.Add(name, new(name, [.. devices], size)) };
    }

    public NodeStorage WithoutVolumeGroup(string name) => this with { VolumeGroups = VolumeGroups.Remove(name) };

    /// <summary>As lvcreate and lvresize do it: the size is rounded up to extents. The space is the caller's to check.</summary>
    public NodeStorage WithVolume(string group, string name, long sizeBytes)
    {
        var owner = VolumeGroups[group];
        var volume = new SimulatedVolume(name, SimulatedVolumeGroup.ToExtents(sizeBytes));
        return this with { VolumeGroups = VolumeGroups.SetItem(group, owner with { Volumes = owner.Volumes.SetItem(name, volume) }) };
    }

    public NodeStorage WithoutVolume(string name) => this with
    {
        VolumeGroups = VolumeGroups.ToImmutableDictionary(entry => entry.Key, entry => entry.Value with { Volumes = entry.Value.Volumes.Remove(name) }),
    };
}
