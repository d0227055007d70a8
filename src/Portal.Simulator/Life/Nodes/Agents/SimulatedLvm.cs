using System.Collections.Immutable;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>What lvm's programs, and those for loop devices, do to a simulated node's disks, in lvm's words.</summary>
internal static class SimulatedLvm
{
    /// <summary>The disks afterwards, and what the program says.</summary>
    /// <exception cref="ArgumentException">The program fails; the message is what it says.</exception>
    public static (NodeStorage Storage, string Said) Run(NodeStorage storage, ImmutableArray<string> words) => words switch
    {
        ["pvcreate", .. var devices] => (devices.Aggregate(storage, Prepare), Each(devices, "Physical volume \"{0}\" successfully created.")),
        ["pvremove", .. var devices] => (storage with { Prepared = devices.Aggregate(storage.Prepared, (kept, device) => Free(storage, kept, device)) },
            Each(devices, "Labels on physical volume \"{0}\" successfully wiped.")),
        ["vgcreate", var name, .. var devices] => (storage.WithVolumeGroup(name, devices.AsSpan()), $"Volume group \"{name}\" successfully created"),
        ["vgextend", "--restoremissing", var name, _] => (storage, $"Volume group \"{name}\" successfully extended"),
        ["vgextend", var name, .. var devices] => (Resized(storage, name, group => [.. group.Devices, .. devices]), $"Volume group \"{name}\" successfully extended"),
        ["vgreduce", var name, .. var devices] when name != "--removemissing" => (Reduced(storage, name, devices), $"Removed \"{string.Join(' ', devices)}\" from volume group \"{name}\""),
        ["vgremove", var name] => (Removed(storage, name), $"Volume group \"{name}\" successfully removed"),
        ["pvresize", var device] => (Grown(storage, device), "1 physical volume(s) resized or updated / 0 physical volume(s) not resized"),
        ["pvmove", .. var rest] => (storage, $"{rest[^1]}: Moved: 100.00%"),
        ["vgchange", .., var name] => (storage, $"{Group(storage, name).Volumes.Count} logical volume(s) in volume group \"{name}\" now active"),
        ["lvchange", ..] => (storage, ""),
        ["wipefs", ..] => (storage, ""),
        _ => SimulatedLoopFiles.Run(storage, words) ?? throw new ArgumentException($"{words[0]}: command not found"),
    };

    private static NodeStorage Prepare(NodeStorage storage, string device)
    {
        if (storage.Disks.All(disk => disk.Device != device)) throw new ArgumentException($"No device found for {device}.");
        if (storage.VolumeGroups.Values.FirstOrDefault(group => group.Devices.Contains(device)) is { } owner)
            throw new ArgumentException($"Can't initialize physical volume \"{device}\" of volume group \"{owner.Name}\" without -ff");
        return storage with { Prepared = storage.Prepared.Add(device) };
    }

    private static ImmutableSortedSet<string> Free(NodeStorage storage, ImmutableSortedSet<string> prepared, string device) =>
        storage.VolumeGroups.Values.FirstOrDefault(group => group.Devices.Contains(device)) is { } owner
            ? throw new ArgumentException($"PV {device} is used by VG {owner.Name} so please use vgreduce first.")
            : prepared.Remove(device);

    private static NodeStorage Reduced(NodeStorage storage, string name, ImmutableArray<string> devices)
    {
        if (devices.Length >= Group(storage, name).Devices.Length) throw new ArgumentException($"Can't remove final physical volume \"{devices[^1]}\" from volume group \"{name}\"");
        var reduced = Resized(storage, name, group => group.Devices.RemoveRange(devices));
        if (reduced.VolumeGroups[name].FreeBytes < 0) throw new ArgumentException($"Physical volume \"{devices[0]}\" still in use");
        return reduced with { Prepared = reduced.Prepared.Union(devices) };
    }

    private static NodeStorage Removed(NodeStorage storage, string name)
    {
        var group = Group(storage, name);
        if (!group.Volumes.IsEmpty || !group.ThinPools.IsEmpty) throw new ArgumentException($"Volume group \"{name}\" still contains {group.Volumes.Count + group.ThinPools.Count} logical volume(s)");
        return storage.WithoutVolumeGroup(name) with { Prepared = storage.Prepared.Union(group.Devices) };
    }

    private static NodeStorage Grown(NodeStorage storage, string device) =>
        storage.VolumeGroups.Values.FirstOrDefault(group => group.Devices.Contains(device)) is { } owner ? Resized(storage, owner.Name, group => group.Devices, device) : storage;

    private static NodeStorage Resized(NodeStorage storage, string name, Func<SimulatedVolumeGroup, ImmutableArray<string>> devicesOf, string? grown = null)
    {
        var group = Group(storage, name);
        var devices = devicesOf(group);
        var resized = group with { Devices = devices, BytesOn = devices.ToImmutableDictionary(device => device, BytesOn) };
        return storage with { Prepared = storage.Prepared.Except(devices), VolumeGroups = storage.VolumeGroups.SetItem(name, resized) };

        // A disk keeps the size it came with until pvresize.
        long BytesOn(string device) => device != grown && group.BytesOn.TryGetValue(device, out var bytes) ? bytes
            : SimulatedVolumeGroup.UsableOf(storage.Disks.FirstOrDefault(disk => disk.Device == device) ?? throw new ArgumentException($"Device {device} not found."));
    }

    private static SimulatedVolumeGroup Group(NodeStorage storage, string name) =>
        storage.VolumeGroups.GetValueOrDefault(name) ?? throw new ArgumentException($"Volume group \"{name}\" not found");

    private static string Each(ImmutableArray<string> devices, string sentence) =>
        string.Join('\n', devices.Select(device => sentence.Replace("{0}", device, StringComparison.Ordinal)));
}
