using System.Collections.Immutable;
using Portal.Core.Lvm;
using Portal.Core.NodeCommands;

namespace Portal.Core.Disks;

/// <summary>What the rules look at: a device among the others of its node.</summary>
/// <param name="Group">The volume group that it shall go into; null where none is named yet.</param>
/// <param name="Beside">Other disks that shall go into the same group.</param>
internal sealed record DiskQuestion(BlockDevice Device, NodeInventory Inventory, NodeLimits Limits, string? Group, ImmutableArray<BlockDevice> Beside)
{
    // The protective table that stands before a GPT is no second signature.
    private const string ProtectiveTable = "PMBR";

    public string Path => Device.Path;

    /// <summary>What lvm knows of it; null while it is no physical volume.</summary>
    public LvmPhysicalVolume? PhysicalVolume { get; } = Inventory.FindPhysicalVolume(Device);

    /// <summary>Everything made from the device, however many layers above it.</summary>
    public ImmutableArray<BlockDevice> Above { get; } = Inventory.Above(Device);

    /// <summary>Kinds of signatures that were found by either way of looking.</summary>
    public ImmutableArray<string> Types { get; } = SignatureTypes(Device);

    /// <summary>The one kind of signature that is on it; null where there is none, or more than one.</summary>
    public string? OnlyType => Types is [var only] ? only : null;

    public bool IsWholeDisk => Device.Kind is "disk" or "loop";

    /// <summary>Mount points of the device itself and of whatever is made from it.</summary>
    public IEnumerable<string> Mounts => Above.Prepend(Device).SelectMany(device => device.MountPoints);

    public IEnumerable<BlockDevice> Partitions => Above.Where(device => device.Kind == "part");

    public IEnumerable<BlockDevice> Holders => Above.Where(device => device.Kind != "part");

    /// <summary>The disks that its sectors must fit: those of the group, and those that go into it at the same time.</summary>
    public IEnumerable<BlockDevice> Companions => Inventory.PhysicalVolumes
        .Where(volume => Group is not null && volume.VolumeGroup == Group)
        .Select(volume => Inventory.FindDevice(volume.Device)).OfType<BlockDevice>()
        .Concat(Beside).Where(other => other.Name != Device.Name);

    private static ImmutableArray<string> SignatureTypes(BlockDevice device)
    {
        var types = device.Signatures.Select(signature => signature.Type)
            .Append(device.Signature ?? "").Append(device.PartitionTable ?? "").Where(type => type.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        if (types.Contains("gpt")) types.RemoveAll(type => type is ProtectiveTable or "dos");
        return [.. types];
    }
}
