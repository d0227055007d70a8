using System.Collections.Immutable;

namespace Portal.Simulator.Life.Nodes;

/// <summary>A disk of a simulated node.</summary>
/// <param name="Device">Its path: "/dev/nvme0n1".</param>
public sealed record SimulatedDisk(string Device, long SizeBytes);

/// <summary>A logical volume in a simulated volume group.</summary>
/// <param name="SizeBytes">Its virtual size where it is thin.</param>
public sealed record SimulatedVolume(string Name, long SizeBytes)
{
    /// <summary>The thin pool it lives in; null where it is thick.</summary>
    public string? Pool { get; init; }

    /// <summary>The volume it was made from as a snapshot or clone.</summary>
    public string? Origin { get; init; }

    public bool IsReadOnly { get; init; }

    /// <summary>What pods have written into its file system; null while nothing is there.</summary>
    public string? Content { get; init; }
}

/// <summary>A thin pool in a simulated volume group.</summary>
public sealed record SimulatedThinPool(string Name, long SizeBytes)
{
    /// <summary>How much of it holds data, whatever its volumes promise.</summary>
    public double DataPercent { get; init; }

    public double MetadataPercent { get; init; } = 10;

    /// <summary>How <see cref="DataPercent"/> goes on by itself; null where it stays.</summary>
    public FillCurve? Fill { get; init; }

    /// <summary>As it is at a moment, with what lvm prints: two places.</summary>
    internal SimulatedThinPool At(TimeSpan sinceBeginning)
    {
        if (Fill is null) return this;
        var data = Math.Round(Math.Min(100, Fill.At(sinceBeginning)), 2);
        return this with { DataPercent = data, MetadataPercent = Math.Round(data / 4, 2) };
    }

    /// <summary>LVM makes nothing new in a pool that is full of either.</summary>
    public bool IsFull => DataPercent >= 100 || MetadataPercent >= 100;
}

/// <summary>A volume group of a simulated node; sizes are whole extents, as LVM's are.</summary>
/// <param name="BytesOn">What each of its disks brings, since the disk was given to the group or its new size was taken.</param>
public sealed record SimulatedVolumeGroup(string Name, ImmutableArray<string> Devices, ImmutableDictionary<string, long> BytesOn)
{
    /// <summary>LVM's default extent: every size is rounded up to it.</summary>
    public const long ExtentBytes = 4L << 20;

    public long SizeBytes => Devices.Sum(device => BytesOn[device]);

    /// <summary>Thick and thin volumes by name, without the pools themselves.</summary>
    public ImmutableDictionary<string, SimulatedVolume> Volumes { get; init; } = ImmutableDictionary<string, SimulatedVolume>.Empty;

    public ImmutableDictionary<string, SimulatedThinPool> ThinPools { get; init; } = ImmutableDictionary<string, SimulatedThinPool>.Empty;

    /// <summary>What neither thick volumes nor thin pools take.</summary>
    public long FreeBytes => SizeBytes - Volumes.Values.Where(volume => volume.Pool is null).Sum(volume => volume.SizeBytes) - ThinPools.Values.Sum(pool => pool.SizeBytes);

    /// <summary>What the volumes of a thin pool promise together.</summary>
    public long VirtualBytes(string pool) => Volumes.Values.Where(volume => volume.Pool == pool).Sum(volume => volume.SizeBytes);

    /// <summary>What a disk adds to a group: its first megabyte is LVM's own.</summary>
    public static long UsableOf(SimulatedDisk disk) => (disk.SizeBytes - (1 << 20)) / ExtentBytes * ExtentBytes;

    public static long ToExtents(long bytes) => (bytes + ExtentBytes - 1) / ExtentBytes * ExtentBytes;
}

/// <summary>What a node stores on, as of one moment.</summary>
public sealed record NodeStorage(ImmutableArray<SimulatedDisk> Disks)
{
    /// <summary>Disks that pvcreate has prepared and that belong to no group.</summary>
    public ImmutableSortedSet<string> Prepared { get; init; } = [];

    public ImmutableDictionary<string, SimulatedVolumeGroup> VolumeGroups { get; init; } = ImmutableDictionary<string, SimulatedVolumeGroup>.Empty;

    /// <summary>Files that serve as disks; those that are attached are among <see cref="Disks"/> too.</summary>
    public ImmutableArray<SimulatedLoop> Loops { get; init; } = [];

    /// <summary>As vgcreate does it. Throws <see cref="ArgumentException"/> when the group exists or a disk is unknown or taken.</summary>
    public NodeStorage WithVolumeGroup(string name, params ReadOnlySpan<string> devices)
    {
        if (VolumeGroups.ContainsKey(name)) throw new ArgumentException($"A volume group called {name} already exists.", nameof(name));
        var bytes = ImmutableDictionary.CreateBuilder<string, long>();
        foreach (var device in devices)
        {
            var disk = Disks.FirstOrDefault(disk => disk.Device == device)
                ?? throw new ArgumentException($"Device {device} not found.", nameof(devices));
            if (VolumeGroups.Values.Any(group => group.Devices.Contains(device)))
                throw new ArgumentException($"Physical volume '{device}' is already in a volume group.", nameof(devices));
            bytes[device] = SimulatedVolumeGroup.UsableOf(disk);
        }
        return this with { Prepared = Prepared.Except(devices.ToArray()), VolumeGroups = VolumeGroups.Add(name, new(name, [.. devices], bytes.ToImmutable())) };
    }

    public NodeStorage WithoutVolumeGroup(string name) => this with { VolumeGroups = VolumeGroups.Remove(name) };

    /// <summary>As lvcreate --type thin-pool does it, or a change of one that is there. Throws <see cref="ArgumentException"/> when the group has no
    /// room for it.</summary>
    public NodeStorage WithThinPool(string group, SimulatedThinPool pool)
    {
        var owner = VolumeGroups[group];
        pool = pool with { SizeBytes = SimulatedVolumeGroup.ToExtents(pool.SizeBytes) };
        var next = owner with { ThinPools = owner.ThinPools.SetItem(pool.Name, pool) };
        if (next.FreeBytes < 0) throw new ArgumentException($"Volume group \"{group}\" has insufficient free space.", nameof(pool));
        return this with { VolumeGroups = VolumeGroups.SetItem(group, next) };
    }

    /// <summary>As lvcreate and lvresize do it: the size is rounded up to extents. The space is the caller's to check.</summary>
    public NodeStorage WithVolume(string group, string name, long sizeBytes) => WithVolume(group, new SimulatedVolume(name, sizeBytes));

    /// <inheritdoc cref="WithVolume(string, string, long)"/>
    public NodeStorage WithVolume(string group, SimulatedVolume volume)
    {
        var owner = VolumeGroups[group];
        volume = volume with { SizeBytes = SimulatedVolumeGroup.ToExtents(volume.SizeBytes) };
        return this with { VolumeGroups = VolumeGroups.SetItem(group, owner with { Volumes = owner.Volumes.SetItem(volume.Name, volume) }) };
    }

    /// <summary>The volume of that name; null when no group has one.</summary>
    public SimulatedVolume? FindVolume(string name) => VolumeGroups.Values.Select(group => group.Volumes.GetValueOrDefault(name)).FirstOrDefault(found => found is not null);

    /// <summary>As a pod writes into a mounted volume; nothing where there is none of that name.</summary>
    public NodeStorage WithContent(string name, string content) => this with
    {
        VolumeGroups = VolumeGroups.ToImmutableDictionary(entry => entry.Key, entry => !entry.Value.Volumes.TryGetValue(name, out var found) ? entry.Value
            : entry.Value with { Volumes = entry.Value.Volumes.SetItem(name, found with { Content = content }) }),
    };

    public NodeStorage WithoutVolume(string name) => this with
    {
        VolumeGroups = VolumeGroups.ToImmutableDictionary(entry => entry.Key, entry => entry.Value with { Volumes = entry.Value.Volumes.Remove(name) }),
    };
}
