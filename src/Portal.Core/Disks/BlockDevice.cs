using System.Collections.Immutable;

namespace Portal.Core.Disks;

/// <summary>A block device of a node, as <c>lsblk(8)</c> reports it with <c>--json --bytes</c>, joined with what <c>/sys/block</c>, <c>/proc/swaps</c>
/// and <c>blkid(8)</c> add.</summary>
/// <param name="Name">The kernel's name: "sdb", "nvme0n1p1", "dm-3".</param>
/// <param name="Path">What commands are given: "/dev/sdb", "/dev/mapper/myvg1-data".</param>
/// <param name="Kind">lsblk's TYPE: "disk", "part", "loop", "lvm", "crypt", "raid1", "mpath", "rom"…</param>
/// <param name="SizeBytes">0 for a drive without medium.</param>
public sealed record BlockDevice(string Name, string Path, string Kind, long SizeBytes)
{
    /// <summary>Major and minor number: "8:16".</summary>
    public string Number { get; init; } = "";

    /// <summary>Names that stay the same after a reboot: "/dev/disk/by-id/wwn-0x5000c500…".</summary>
    public ImmutableArray<string> StablePaths { get; init; } = [];

    public string? Model { get; init; }

    public string? Serial { get; init; }

    public string? Wwn { get; init; }

    /// <summary>How it is attached: "sata", "nvme", "usb", "virtio"; null where that is unknown.</summary>
    public string? Transport { get; init; }

    public bool IsRotational { get; init; }

    public bool IsReadOnly { get; init; }

    public bool IsRemovable { get; init; }

    /// <summary>The unit that the device writes in; LVM refuses to mix different ones in a volume group.</summary>
    public int LogicalSectorBytes { get; init; } = 512;

    /// <summary>"gpt", "dos"…; null where there is no partition table.</summary>
    public string? PartitionTable { get; init; }

    /// <summary>The file system or other signature that was found, in blkid's words: "ext4", "swap", "LVM2_member", "crypto_LUKS"; null where there is none.</summary>
    public string? Signature { get; init; }

    /// <summary>Every signature that <c>wipefs(8)</c> finds, partition tables too.</summary>
    public ImmutableArray<DiskSignature> Signatures { get; init; } = [];

    public string? Label { get; init; }

    /// <summary>Why its signatures could not be read, in the tool's words; null when they were.</summary>
    public string? Unreadable { get; init; }

    /// <summary>Where it is mounted in the host's mount namespace; "[SWAP]" where the kernel swaps to it.</summary>
    public ImmutableArray<string> MountPoints { get; init; } = [];

    /// <summary>The kernel's names of devices made from it: partitions, device-mapper targets, RAID arrays.</summary>
    public ImmutableArray<string> Children { get; init; } = [];

    /// <summary>The kernel's names of the devices it is made from.</summary>
    public ImmutableArray<string> Parents { get; init; } = [];

    /// <summary>The file behind a loop device; null for other devices.</summary>
    public string? BackingFile { get; init; }

    /// <summary>Why an exclusive open was refused, when the agent tried one: the kernel uses the device in a way that nothing above tells.</summary>
    public bool IsHeldByKernel { get; init; }
}

/// <summary>A signature on a device.</summary>
/// <param name="OffsetBytes">Where it begins.</param>
/// <param name="Type">In blkid's words: "ext4", "gpt", "LVM2_member".</param>
/// <param name="Usage">"filesystem", "raid", "crypto", "partition-table" or "other".</param>
public sealed record DiskSignature(long OffsetBytes, string Type, string? Usage, string? Label, string? Uuid);
