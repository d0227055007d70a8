using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Core.Disks;
using Portal.Core.Lvm;

namespace Portal.Core.NodeCommands;

// A plan is confirmed by a person minutes after it was made. The fingerprint covers what it was decided from, in full: the devices with all that
// lies above and below them, the group with its physical volumes and, where they matter, its volumes; and what will be run. It leaves out what
// moves all the time without meaning anything to the plan: free space, how full thin pools are, which volumes are in use, when the inventory was taken.

/// <summary>The hash of everything a plan was made from.</summary>
internal static class NodeFingerprint
{
    private const char Between = '\u001f';

    public static string Of(
        NodeCommand command, NodeInventory inventory, IEnumerable<BlockDevice> devices, IEnumerable<string> facts, ImmutableArray<NodeStep> steps)
    {
        var lines = new List<string> { JsonSerializer.Serialize(command, NodeCommandJson.Default.NodeCommand) };
        lines.AddRange(devices.DistinctBy(device => device.Name).OrderBy(device => device.Name, StringComparer.Ordinal).Select(device => Of(device, inventory)));
        lines.AddRange(facts);
        lines.AddRange(steps.Select(step => Line("step", string.Join(Between, step.Words), step.Action?.ToString())));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    public static IEnumerable<string> Of(LvmVolumeGroup group, NodeInventory inventory, bool withVolumes)
    {
        yield return Line("group", group.Name, group.Uuid, group.SizeBytes, group.ExtentBytes, group.PhysicalVolumes, group.MissingPhysicalVolumes, group.Attributes);
        foreach (var volume in inventory.PhysicalVolumes.Where(volume => volume.VolumeGroup == group.Name).OrderBy(volume => volume.Uuid, StringComparer.Ordinal))
        {
            yield return Of(volume);
            if (withVolumes) yield return Line("segments", string.Join(Between, volume.Segments));
        }
        if (!withVolumes) yield break;
        foreach (var volume in inventory.LogicalVolumes.Where(volume => volume.VolumeGroup == group.Name).OrderBy(volume => volume.Uuid, StringComparer.Ordinal))
            yield return Line("volume", volume.Name, volume.Uuid, volume.SizeBytes, volume.Layout, volume.Pool, volume.Origin, Set(volume.Devices));
    }

    private static string Of(LvmPhysicalVolume volume) =>
        Line("physical volume", volume.Device, volume.Uuid, volume.VolumeGroup, volume.SizeBytes, volume.DeviceBytes, volume.IsMissing, volume.IsAllocatable);

    private static string Of(BlockDevice device, NodeInventory inventory)
    {
        var physical = inventory.FindPhysicalVolume(device) is { } volume ? Of(volume) : "no physical volume";
        var loop = inventory.LoopDevices.FirstOrDefault(one => one.Path == device.Path);
        return Line("device", device.Name, device.Path, device.Kind, device.SizeBytes, device.Number, Set(device.StablePaths), device.Model, device.Serial, device.Wwn,
            device.Transport, device.IsReadOnly, device.IsRemovable, device.LogicalSectorBytes, device.PartitionTable, device.Signature, device.Label,
            Set(device.Signatures.Select(one => Line(one.OffsetBytes, one.Type, one.Usage, one.Label, one.Uuid))), Set(device.MountPoints), Set(device.Children),
            Set(device.Parents), device.BackingFile, device.IsHeldByKernel, physical, Line(loop?.FilePath, loop?.IsManaged, loop?.IsFileMissing));
    }

    private static string Set(IEnumerable<string> members) => string.Join(Between, members.Order(StringComparer.Ordinal));

    // Quoted, so that no value can pass for two.
    private static string Line(params object?[] values) => string.Join(' ', values.Select(value => value is null
        ? "-" : '"' + Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"'));
}
