using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Portal.Core.Texts;

namespace Portal.Core.Disks;

// Everything that keeps a device from being given to LVM. A rule knows one reason and looks at nothing else, so that a device with three
// reasons is told all three. What no rule names is refused too: kinds of devices and of signatures are free only when they are known.

/// <summary>One thing that can speak against a device.</summary>
/// <param name="Why">The sentence, or null where the rule has nothing against the device.</param>
internal sealed record DiskRule(string Id, Func<DiskQuestion, Message?> Why)
{
    public bool CanBeWiped { get; init; }

    public DiskReason? Ask(DiskQuestion question) => Why(question) is { } text ? new(Id, text, CanBeWiped) : null;
}

/// <summary>The rules, the gravest first.</summary>
internal static partial class DiskRules
{
    private static readonly string[] BootPoints = ["/boot", "/boot/efi", "/efi"];
    private static readonly string[] Temporary = ["/tmp/", "/var/tmp/", "/run/", "/dev/shm/"];

    public static readonly ImmutableArray<DiskRule> All =
    [
        new("root", q => q.Mounts.Contains("/") ? DiskTexts.HoldsRoot(q.Path) : null),
        new("boot", q => q.Mounts.FirstOrDefault(BootPoints.Contains) is { } point ? DiskTexts.HoldsBoot(q.Path, point) : null),
        new("swap", q => q.Mounts.Contains("[SWAP]") ? DiskTexts.HoldsSwap(q.Path) : null),
        new("mounted", q => q.Mounts.Where(IsPlainMount).ToList() is { Count: > 0 } places ? DiskTexts.IsMounted(q.Path, Joined(places)) : null),
        new("group", OtherGroup),
        new("unknown-to-lvm", q => q.Types.Contains("LVM2_member") && q.PhysicalVolume is null ? DiskTexts.UnknownToLvm(q.Path) : null),
        new("missing-physical-volume", q => q.PhysicalVolume is { IsMissing: true } volume ? DiskTexts.IsMissingIn(volume.VolumeGroup, q.Path) : null),
        new("partitions", q => q.Partitions.ToList() is { Count: > 0 } parts ? DiskTexts.HasPartitions(q.Path, Joined(parts.Select(part => part.Path))) : null),
        new("holders", q => q.Holders.ToList() is { Count: > 0 } holders ? DiskTexts.HasHolders(q.Path, Joined(holders.Select(one => one.Path))) : null),
        new("held", q => q.Device.IsHeldByKernel && !TellsWhyHeld(q) ? DiskTexts.IsHeld(q.Path) : null),
        new("unreadable", q => q.Device.Unreadable is { } words ? DiskTexts.IsUnreadable(q.Path, ForeignText.Sentence(words)) : null),
        new("partition", q => q.Device.Kind == "part" ? DiskTexts.IsPartition(q.Path) : null),
        new("logical-volume", q => q.Device.Kind == "lvm" ? DiskTexts.IsLogicalVolume(q.Path) : null),
        new("mapped", q => IsMapped(q.Device) ? DiskTexts.IsMapped(q.Path, q.Device.Kind) : null),
        new("optical", q => q.Device.Kind == "rom" || q.Device.Name.StartsWith("sr", StringComparison.Ordinal) ? DiskTexts.IsOptical(q.Path) : null),
        new("memory", q => MemoryName().IsMatch(q.Device.Name) ? DiskTexts.IsMemory(q.Path) : null),
        new("floppy", q => FloppyName().IsMatch(q.Device.Name) ? DiskTexts.IsFloppy(q.Path) : null),
        new("network", q => NetworkName().IsMatch(q.Device.Name) ? DiskTexts.IsNetworkDevice(q.Path) : null),
        new("kind", q => IsKnownKind(q.Device.Kind) ? null : DiskTexts.UnknownKind(q.Path, q.Device.Kind)),
        new("removable", q => q.Device.IsRemovable ? DiskTexts.IsRemovable(q.Path) : null),
        new("read-only", q => q.Device.IsReadOnly ? DiskTexts.IsReadOnly(q.Path) : null),
        new("empty", q => q.Device.SizeBytes <= 0 ? DiskTexts.HasNoSize(q.Path) : null),
        new("too-small", q => q.Device.SizeBytes > 0 && q.Device.SizeBytes < q.Limits.MinimumDiskBytes
            ? DiskTexts.TooSmall(q.Path, ByteText.Format(q.Device.SizeBytes), ByteText.Format(q.Limits.MinimumDiskBytes)) : null),
        new("sectors", q => q.Companions.FirstOrDefault(other => other.LogicalSectorBytes != q.Device.LogicalSectorBytes) is { } other
            ? DiskTexts.OtherSectors(q.Path, q.Device.LogicalSectorBytes, other.Path, other.LogicalSectorBytes) : null),
        new("twice", q => Twins(q) is { Count: > 0 } twins ? DiskTexts.IsThereTwice(q.Path, Joined(twins.Select(twin => twin.Path))) : null),
        new("loop-foreign", q => q.Device.Kind == "loop" && !IsManaged(q) ? DiskTexts.LoopIsForeign(q.Path) : null),
        new("loop-temporary", q => q.Device.BackingFile is { } file && IsTemporary(file) ? DiskTexts.LoopInTemporaryFolder(q.Path, file) : null),
        new("loop-file-missing", q => IsFileMissing(q) ? DiskTexts.LoopFileMissing(q.Device.BackingFile ?? "?", q.Path) : null),
        .. SignatureRules.All,
    ];

    /// <summary>A folder whose files do not live through a restart, or are swept.</summary>
    public static bool IsTemporary(string path) => Temporary.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));

    // In the group that it shall go into it is already: the planner has nothing to do with it then.
    private static Message? OtherGroup(DiskQuestion question) => question.PhysicalVolume is { VolumeGroup.Length: > 0 } volume && volume.VolumeGroup != question.Group
        ? DiskTexts.BelongsToGroup(question.Path, volume.VolumeGroup) : null;

    private static bool TellsWhyHeld(DiskQuestion question) =>
        question.Mounts.Any() || !question.Above.IsEmpty || question.PhysicalVolume is { VolumeGroup.Length: > 0 };

    private static bool IsPlainMount(string point) => point is not "/" and not "[SWAP]" && !BootPoints.Contains(point);

    // A multipath map is how a disk with several paths is meant to be used; an array stands for its disks.
    private static bool IsKnownKind(string kind) => kind is "disk" or "loop" or "mpath" or "part" or "lvm" or "rom" or "crypt" or "dm" || IsArray(kind);

    private static bool IsArray(string kind) => kind.StartsWith("raid", StringComparison.Ordinal) || kind is "md" or "linear";

    private static bool IsMapped(BlockDevice device) => device.Kind is "crypt" or "dm"
        || device.Name.StartsWith("dm-", StringComparison.Ordinal) && device.Kind is not ("lvm" or "mpath" or "part");

    private static bool IsManaged(DiskQuestion question) => question.Inventory.LoopDevices.Any(loop => loop.Path == question.Path && loop.IsManaged);

    private static bool IsFileMissing(DiskQuestion question) => question.Device.BackingFile?.EndsWith(" (deleted)", StringComparison.Ordinal) == true
        || question.Inventory.LoopDevices.Any(loop => loop.Path == question.Path && loop.IsFileMissing);

    // NVMe namespaces of one controller share its serial number and differ in their WWN.
    private static List<BlockDevice> Twins(DiskQuestion question) => question.Device.Kind != "disk" ? [] :
    [
        .. question.Inventory.Devices.Where(other => other.Kind == "disk" && other.Name != question.Device.Name && IsSame(question.Device, other)),
    ];

    private static bool IsSame(BlockDevice one, BlockDevice other) => one.Wwn is { Length: > 0 } wwn && other.Wwn is { Length: > 0 }
        ? wwn == other.Wwn
        : one.Serial is { Length: > 0 } serial && serial == other.Serial && one.Model == other.Model;

    private static string Joined(IEnumerable<string> names) => string.Join(", ", names.Distinct());

    [GeneratedRegex(@"^(zram|ram|pmem)\d")]
    private static partial Regex MemoryName();

    [GeneratedRegex(@"^fd\d")]
    private static partial Regex FloppyName();

    [GeneratedRegex(@"^(nbd|rbd|drbd|bcache|zd)\d")]
    private static partial Regex NetworkName();
}
