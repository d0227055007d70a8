using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Tests.Core.Disks;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Core.NodeCommands;

/// <summary>What a generated disk is used for.</summary>
internal enum DiskPurpose
{
    Free, OrphanPhysicalVolume, ManagedLoop, InTarget, FileSystem, EmptyTable,
    Root, Boot, Mounted, Swap, Partitions, MountedPartition, EncryptedIdle, EncryptedOpen, Raid, Multipath, OtherGroup, ForeignLvm,
    Zfs, SeveralSignatures, UnknownSignature, ReadOnly, Removable, Small, Held, Memory, ForeignLoop, TemporaryLoop, HiddenTable, Twin,
}

/// <summary>A node with disks of given purposes; it knows by construction which may be taken, without asking any rule.</summary>
internal sealed record DiskTree(NodeInventory Node, ImmutableHashSet<string> Free, ImmutableHashSet<string> FreeOnceWiped, ImmutableHashSet<string> InTarget)
{
    public const string Target = "ssd";

    public static DiskTree Of(IReadOnlyList<DiskPurpose> purposes)
    {
        var node = With(Disk("sdz")).WithPhysicalVolume("sdz", Target, usedExtents: 10, volume: "data").WithLogicalVolume(Target, "data", "/dev/sdz");
        foreach (var (number, purpose) in purposes.Index()) node = Add(node, "vd" + (char)('a' + number), purpose);
        return new(node, Names(purpose => purpose is DiskPurpose.Free or DiskPurpose.OrphanPhysicalVolume or DiskPurpose.ManagedLoop),
            Names(purpose => purpose is DiskPurpose.FileSystem or DiskPurpose.EmptyTable), Names(purpose => purpose == DiskPurpose.InTarget).Add("/dev/sdz"));

        ImmutableHashSet<string> Names(Func<DiskPurpose, bool> wanted) => [.. purposes.Index().Where(one => wanted(one.Item)).Select(one => "/dev/vd" + (char)('a' + one.Index))];
    }

    private static NodeInventory Add(NodeInventory node, string name, DiskPurpose purpose)
    {
        var disk = Disk(name);
        return purpose switch
        {
            DiskPurpose.Free => Plus(node, disk),
            DiskPurpose.OrphanPhysicalVolume => Plus(node, disk).WithPhysicalVolume(name, ""),
            DiskPurpose.InTarget => Plus(node, disk).WithPhysicalVolume(name, Target),
            DiskPurpose.OtherGroup => Plus(node, disk).WithPhysicalVolume(name, "other-" + name),
            DiskPurpose.ManagedLoop => node.WithLoop(name, name + ".img"),
            DiskPurpose.ForeignLoop => Plus(node, disk with { Kind = "loop", BackingFile = "/srv/a.img" }),
            DiskPurpose.TemporaryLoop => Plus(node, disk with { Kind = "loop", BackingFile = "/tmp/a.img" }),
            DiskPurpose.FileSystem => Plus(node, disk.Holding("ext4")),
            DiskPurpose.EmptyTable => Plus(node, disk.Holding("dos") with { PartitionTable = "dos" }),
            DiskPurpose.HiddenTable => Plus(node, disk.Holding("sun") with { PartitionTable = "sun" }),
            DiskPurpose.Root => Plus(node, disk.Holding("ext4") with { MountPoints = ["/"] }),
            DiskPurpose.Boot => Plus(node, disk.Holding("vfat") with { MountPoints = ["/boot/efi"] }),
            DiskPurpose.Mounted => Plus(node, disk.Holding("xfs") with { MountPoints = ["/srv"] }),
            DiskPurpose.Swap => Plus(node, disk.Holding("swap") with { MountPoints = ["[SWAP]"] }),
            DiskPurpose.Partitions => Plus(node, disk.Holding("gpt") with { Children = [name + "1"] }, Part(name + "1", name)),
            DiskPurpose.MountedPartition => Plus(node, disk with { Children = [name + "1"] }, Part(name + "1", name) with { MountPoints = ["/data"] }),
            DiskPurpose.EncryptedIdle => Plus(node, disk.Holding("crypto_LUKS")),
            DiskPurpose.EncryptedOpen => Plus(node, disk with { Children = ["dm-" + name] }, Mapped(name, "crypt") with { MountPoints = ["/secret"] }),
            DiskPurpose.Raid => Plus(node, disk.Holding("linux_raid_member") with { Children = ["dm-" + name] }, Mapped(name, "raid1")),
            DiskPurpose.Multipath => Plus(node, disk.Holding("mpath_member") with { Children = ["dm-" + name] }, Mapped(name, "mpath") with { MountPoints = ["/san"] }),
            DiskPurpose.ForeignLvm => Plus(node, disk.Holding("LVM2_member")),
            DiskPurpose.Zfs => Plus(node, disk.Holding("zfs_member")),
            DiskPurpose.SeveralSignatures => Plus(node, disk.Holding("ext4", "ntfs")),
            DiskPurpose.UnknownSignature => Plus(node, disk.Holding("somethingelse")),
            DiskPurpose.ReadOnly => Plus(node, disk with { IsReadOnly = true }),
            DiskPurpose.Removable => Plus(node, disk with { IsRemovable = true }),
            DiskPurpose.Small => Plus(node, disk with { SizeBytes = 1 << 20 }),
            DiskPurpose.Held => Plus(node, disk with { IsHeldByKernel = true }),
            DiskPurpose.Memory => Plus(node, disk with { Kind = "rom" }),
            DiskPurpose.Twin => Plus(node, disk, disk with { Name = "x" + name, Path = "/dev/x" + name }),
            _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
        };
    }

    private static BlockDevice Mapped(string name, string kind) => new("dm-" + name, "/dev/mapper/" + name, kind, 10 * Gibibyte) { Parents = [name] };

    private static NodeInventory Plus(NodeInventory node, params BlockDevice[] devices) => node with { Devices = node.Devices.AddRange(devices) };
}
