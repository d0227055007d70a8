using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Portal.Core.Disks;

/// <summary>What the first bytes of a device say about it; only what stands alone on a device that nobody uses can be wiped.</summary>
internal static partial class SignatureRules
{
    // As blkid names them (util-linux, libblkid/src/superblocks).
    private static readonly ImmutableHashSet<string> FileSystems =
        ["ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "exfat", "ntfs", "f2fs", "jfs", "reiserfs", "iso9660", "udf", "squashfs", "nilfs2", "hfs", "hfsplus", "ufs", "erofs"];

    private static readonly ImmutableDictionary<string, string> Members = new Dictionary<string, string>
    {
        ["zfs_member"] = "ZFS",
        ["bcache"] = "bcache",
        ["drbd"] = "DRBD",
        ["ceph_bluestore"] = "Ceph",
        ["VMFS_volume_member"] = "VMFS",
        ["VMFS"] = "VMFS",
        ["DM_integrity"] = "dm-integrity",
        ["DM_verity_hash"] = "dm-verity",
        ["stratis"] = "Stratis",
        ["LVM1_member"] = "LVM 1",
        ["bcachefs"] = "bcachefs",
        ["ocfs2"] = "OCFS2",
        ["gfs2"] = "GFS2",
        ["oracleasm"] = "Oracle ASM",
    }.ToImmutableDictionary();

    public static readonly ImmutableArray<DiskRule> All =
    [
        new("encrypted", q => q.Types.FirstOrDefault(IsEncrypted) is { } type ? DiskTexts.IsEncrypted(q.Path, type) : null),
        new("raid-member", q => q.Types.FirstOrDefault(IsRaid) is { } type ? DiskTexts.IsRaidMember(q.Path, type) : null),
        new("multipath-member", q => q.Types.Contains("mpath_member") ? DiskTexts.IsMultipathMember(q.Path) : null),
        new("member", q => q.Types.FirstOrDefault(Members.ContainsKey) is { } type ? DiskTexts.BelongsToSoftware(q.Path, Members[type], type) : null),
        new("btrfs-member", q => IsOneOfSeveralBtrfs(q) ? DiskTexts.IsOneOfSeveralBtrfs(q.Path) : null),
        new("several-signatures", q => q.Types.Length > 1 ? DiskTexts.SeveralSignatures(q.Path, string.Join(", ", q.Types)) : null),
        new("unknown-signature", q => q.Types.FirstOrDefault(type => !IsKnown(type)) is { } type ? DiskTexts.UnknownSignature(q.Path, type) : null),
        new("partition-table", q => q.OnlyType is { } type && IsTable(type) && !IsEmptyTable(q) && !q.Partitions.Any() ? DiskTexts.HasPartitionTable(q.Path, type) : null),
        new("file-system", q => q.OnlyType is { } type && FileSystems.Contains(type) ? DiskTexts.HoldsFileSystem(q.Path, Named(q, type)) : null) { CanBeWiped = true },
        new("idle-swap", q => q.OnlyType is "swap" or "swsuspend" ? DiskTexts.HoldsIdleSwap(q.Path) : null) { CanBeWiped = true },
        new("empty-table", q => q.OnlyType is { } type && IsTable(type) && IsEmptyTable(q) ? DiskTexts.HasEmptyTable(q.Path, type) : null) { CanBeWiped = true },
    ];

    private static bool IsKnown(string type) => FileSystems.Contains(type) || Members.ContainsKey(type) || IsEncrypted(type) || IsRaid(type) || IsTable(type)
        || type is "swap" or "swsuspend" or "LVM2_member" or "mpath_member";

    private static bool IsEncrypted(string type) => type is "crypto_LUKS" or "BitLocker" or "FVE" || type.StartsWith("crypt", StringComparison.Ordinal);

    private static bool IsRaid(string type) => type is not "LVM2_member" && RaidName().IsMatch(type);

    private static bool IsTable(string type) => type is "gpt" or "dos" or "PMBR" or "mac" or "sun" or "sgi" or "bsd" or "atari" or "ultrix" or "unixware" or "solaris_x86" or "minix";

    // The kernel reads these two tables wherever it is asked to; on loop devices mostly nobody asks it, so that partitions may hide there.
    private static bool IsEmptyTable(DiskQuestion question) => question.OnlyType is "gpt" or "dos" && question.Device.Kind == "disk" && !question.Partitions.Any();

    // Only one device of a btrfs over several shows the mount.
    private static bool IsOneOfSeveralBtrfs(DiskQuestion question)
    {
        var uuids = Uuids(question.Device).ToList();
        return question.Inventory.Devices.Any(other => other.Name != question.Device.Name && Uuids(other).Any(uuids.Contains));

        static IEnumerable<string> Uuids(BlockDevice device) =>
            device.Signatures.Where(signature => signature is { Type: "btrfs", Uuid.Length: > 0 }).Select(signature => signature.Uuid!);
    }

    private static string Named(DiskQuestion question, string type) => question.Device.Label is { Length: > 0 } label ? $"{type} \"{label}\"" : type;

    [GeneratedRegex(@"(^linux_raid|_raid_member$|^ddf_raid|^isw_raid|^promise|^silicon_medley|^nvidia_raid|^adaptec|^hpt\d|^via_raid|^lsi_mega|^jmicron)")]
    private static partial Regex RaidName();
}
