using System.Collections.Immutable;
using Portal.Components;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Pages.Nodes.Disks;

/// <summary>How disks, and what lies on them, read.</summary>
internal static class DiskWords
{
    /// <summary>What a person takes for a disk: neither its partitions nor what is made from it.</summary>
    public static ImmutableArray<BlockDevice> Disks(NodeInventory node) =>
        [.. node.Devices.Where(device => device.Kind is not ("part" or "lvm" or "crypt" or "rom")).OrderBy(device => device.Name, StringComparer.Ordinal)];

    public static DiskUse Use(BlockDevice disk, NodeInventory node, string? group = null) => DiskUse.Of(disk, node, node.Limits, group);

    public static string State(BlockDevice disk, NodeInventory node, DiskUse use) =>
        node.FindPhysicalVolume(disk) is { VolumeGroup.Length: > 0 } volume ? DisksTexts.InGroup(volume.VolumeGroup)
        : use.IsFree ? DisksTexts.Free : use.IsFreeOnceWiped ? DisksTexts.FreeOnceWiped : DisksTexts.InUse;

    public static BadgeTone Tone(BlockDevice disk, NodeInventory node, DiskUse use) =>
        node.FindPhysicalVolume(disk) is { VolumeGroup.Length: > 0 } ? BadgeTone.Quiet : use.IsFree ? BadgeTone.Good : use.IsFreeOnceWiped ? BadgeTone.Warn : BadgeTone.Quiet;

    /// <summary>Model, serial number, how it is attached, the file behind it.</summary>
    public static string Details(BlockDevice disk) => string.Join(" · ", new[] { disk.Model?.Trim(), disk.Serial, disk.Transport, disk.BackingFile, Kind(disk) }.Where(word => word is { Length: > 0 }));

    public static string SignaturesOf(BlockDevice disk) => string.Join(", ", disk.Signatures
        .Select(one => one.Type + (one.Label is { Length: > 0 } label ? $" \"{label}\"" : "")).Distinct());

    /// <summary>The first of them by name and size, and how many more there are.</summary>
    public static string Names(ImmutableArray<BlockDevice> disks)
    {
        const int Most = 3;
        var names = disks.Take(Most).Select(disk => $"{disk.Path} ({ByteText.Format(disk.SizeBytes)})");
        return string.Join(", ", disks.Length > Most ? names.Append(NodesTexts.AndMore(disks.Length - Most)) : names);
    }

    /// <summary>How large a piece of a whole is, for a style.</summary>
    public static string Share(long part, long whole) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(whole <= 0 ? 0 : Math.Clamp(part * 100.0 / whole, 0, 100)):0.##}%");

    /// <summary>The group's disks, as far as they are there, and what each brings.</summary>
    public static ImmutableArray<(string Name, long Bytes)> Members(NodeInventory node, string group) =>
        [.. node.PhysicalVolumes.Where(volume => volume.VolumeGroup == group).Select(volume => (NameOf(volume), volume.SizeBytes))];

    /// <summary>The group's disks after a command; null for a command that leaves them as they are.</summary>
    public static (string Group, ImmutableArray<(string Name, long Bytes)> Members)? After(NodeInventory node, NodeCommand command) => command switch
    {
        CreateVolumeGroup create => (create.Name, Added(node, create.Devices)),
        ExtendVolumeGroup extend => (extend.Name, Members(node, extend.Name).AddRange(Added(node, extend.Devices))),
        RemovePhysicalVolume remove => (remove.VolumeGroup, [.. Members(node, remove.VolumeGroup).Where(member => member.Name != remove.Device)]),
        ForgetMissingDisks forget => (forget.VolumeGroup, [.. node.PhysicalVolumes.Where(one => one.VolumeGroup == forget.VolumeGroup && !one.IsMissing).Select(one => (NameOf(one), one.SizeBytes))]),
        ResizePhysicalVolume resize when node.PhysicalVolumes.FirstOrDefault(one => one.Device == resize.Device) is { VolumeGroup.Length: > 0 } grown =>
            Grown(node, grown, grown.DeviceBytes),
        GrowLoopDevice grow when node.LoopDevices.FirstOrDefault(loop => loop.FilePath == grow.FilePath)?.Path is { } path
            && node.PhysicalVolumes.FirstOrDefault(one => one.Device == path) is { VolumeGroup.Length: > 0 } below => Grown(node, below, grow.SizeBytes),
        _ => null,
    };

    public static string NameOf(LvmPhysicalVolume volume) => volume.IsMissing && volume.Device.StartsWith('[') ? DisksTexts.MissingDisk : volume.Device;

    private static ImmutableArray<(string Name, long Bytes)> Added(NodeInventory node, ImmutableArray<string> paths) =>
        [.. paths.Select(node.FindDevice).OfType<BlockDevice>().Select(disk => (disk.Path, disk.SizeBytes))];

    private static (string Group, ImmutableArray<(string Name, long Bytes)> Members) Grown(NodeInventory node, LvmPhysicalVolume volume, long bytes) =>
        (volume.VolumeGroup, [.. Members(node, volume.VolumeGroup).Select(member => member.Name == volume.Device ? (member.Name, bytes) : member)]);

    private static string? Kind(BlockDevice disk) => disk.Kind is "disk" ? disk.IsRotational ? DisksTexts.Rotational : null : disk.Kind;
}
