using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Core.Disks;

public sealed class DiskUseTests
{
    /// <summary>Rule, what is made of the node, and the sentence; the disk that is asked about is always /dev/sdb.</summary>
    private static readonly Dictionary<string, (Func<NodeInventory, NodeInventory> Given, string Sentence)> Refusals = new()
    {
        ["root"] = (node => node.Change("sdb", disk => disk with { MountPoints = ["/"] }), "/dev/sdb holds this node's operating system; choose another disk."),
        ["boot"] = (node => node.Change("sdb", disk => disk with { MountPoints = ["/boot/efi"] }), "/dev/sdb holds /boot/efi, from which this node starts; choose another disk."),
        ["swap"] = (node => node.Change("sdb", disk => disk with { MountPoints = ["[SWAP]"] }), "This node swaps to /dev/sdb; switch that off with swapoff and take it out of /etc/fstab first."),
        ["mounted"] = (node => node.Change("sdb", disk => disk with { MountPoints = ["/srv", "/mnt"] }), "/dev/sdb is mounted on /srv, /mnt; unmount it and take it out of /etc/fstab first."),
        ["group"] = (node => node.WithPhysicalVolume("sdb", "other"), "/dev/sdb belongs to volume group other; remove it there first."),
        ["unknown-to-lvm"] = (node => node.Change("sdb", disk => disk.Holding("LVM2_member")), "/dev/sdb carries a mark of LVM that LVM does not recognise here: it may come from another machine, or from a group that went on without it. Look at it with pvs -a on the node."),
        ["missing-physical-volume"] = (node => Missing(node.WithPhysicalVolume("sdb", "other")), "Volume group other has missed /dev/sdb since it was lost; put it back into the group instead."),
        ["partitions"] = (node => Below(node, Part("sdb1", "sdb")), "/dev/sdb has partitions (/dev/sdb1); if nobody needs them, delete them on the node first."),
        ["holders"] = (node => Below(node, new("dm-3", "/dev/mapper/secret", "crypt", Gibibyte) { Parents = ["sdb"] }), "/dev/sdb is part of /dev/mapper/secret; take those apart first, or use them in its stead."),
        ["held"] = (node => node.Change("sdb", disk => disk with { IsHeldByKernel = true }), "The kernel holds /dev/sdb open for itself, and nothing tells why; find out on the node with lsblk and fuser before it is used."),
        ["unreadable"] = (node => node.Change("sdb", disk => disk with { Unreadable = "wipefs: /dev/sdb: Input/output error" }), "What /dev/sdb holds could not be read, so it is not used: wipefs: /dev/sdb: Input/output error."),
        ["partition"] = (node => node.Change("sdb", disk => disk with { Kind = "part" }), "/dev/sdb is a partition; choose a whole disk."),
        ["logical-volume"] = (node => node.Change("sdb", disk => disk with { Kind = "lvm" }), "/dev/sdb is a logical volume and lies in a volume group already; choose a disk."),
        ["mapped"] = (node => node.Change("sdb", disk => disk with { Kind = "crypt" }), "/dev/sdb is a mapped device (crypt) that is not there before something sets it up; choose a disk."),
        ["optical"] = (node => node.Change("sdb", disk => disk with { Kind = "rom" }), "/dev/sdb is an optical drive; choose a disk."),
        ["kind"] = (node => node.Change("sdb", disk => disk with { Kind = "tape" }), "/dev/sdb is a device of the kind \"tape\", which is not known to be safe; choose a disk."),
        ["removable"] = (node => node.Change("sdb", disk => disk with { IsRemovable = true }), "/dev/sdb can be pulled out while it is used; choose a disk that is built in."),
        ["read-only"] = (node => node.Change("sdb", disk => disk with { IsReadOnly = true }), "/dev/sdb is read-only; switch off its write protection, or choose another disk."),
        ["empty"] = (node => node.Change("sdb", disk => disk with { SizeBytes = 0 }), "/dev/sdb has no size: no medium is in it, or it does not answer. Check the hardware, or choose another disk."),
        ["too-small"] = (node => node.Change("sdb", disk => disk with { SizeBytes = 512L << 20 }), "/dev/sdb has 512 MiB, and TopoLVM needs at least 1 GiB; choose a larger disk."),
        ["sectors"] = (node => node.Change("sdb", disk => disk with { LogicalSectorBytes = 4096 }), "/dev/sdb has sectors of 4096 bytes and /dev/sdc has 512; LVM does not mix them. Make a volume group of its own for /dev/sdb."),
        ["twice"] = (node => node.Change("sdb", disk => disk with { Wwn = "wwn-sdd" }), "/dev/sdb seems to be the same disk as /dev/sdd, reached on another path; set up multipathing and choose the multipath device."),
        ["loop-foreign"] = (node => node.Change("sdb", disk => disk with { Kind = "loop", BackingFile = "/srv/a.img" }), "/dev/sdb is a loop device that the agent did not make and would not attach again after a restart; add a loop device here instead."),
        ["loop-temporary"] = (node => Managed(node, "/tmp/a.img"), "/dev/sdb lies in the file /tmp/a.img, which does not last: such folders are swept. Add a loop device here instead."),
        ["loop-file-missing"] = (node => Managed(node, LoopFolder + "a.img (deleted)"), $"The file {LoopFolder}a.img (deleted) behind /dev/sdb has been deleted: whatever is written goes away with the device. Detach it, and add a loop device anew."),
        ["encrypted"] = (node => node.Change("sdb", disk => disk.Holding("crypto_LUKS")), "/dev/sdb is encrypted (crypto_LUKS); if nobody needs what is on it, erase it on the node first."),
        ["raid-member"] = (node => node.Change("sdb", disk => disk.Holding("ddf_raid_member")), "/dev/sdb is a member of a RAID array (ddf_raid_member); use the array, or take the disk out of it first."),
        ["multipath-member"] = (node => node.Change("sdb", disk => disk.Holding("mpath_member")), "/dev/sdb is one of several paths to a disk; choose the multipath device under /dev/mapper."),
        ["member"] = (node => node.Change("sdb", disk => disk.Holding("ceph_bluestore")), "/dev/sdb belongs to Ceph (signature ceph_bluestore); take it out there first."),
        ["btrfs-member"] = (node => node.Change("sdb", disk => disk.Holding("btrfs")).Change("sdd", disk => disk.Holding("btrfs")), "/dev/sdb is one of several disks of a btrfs file system; take it out there with btrfs device remove first."),
        ["several-signatures"] = (node => node.Change("sdb", disk => disk.Holding("ext4", "xfs")), "/dev/sdb carries several signatures (ext4, xfs), so what it holds is not certain; look at it on the node with wipefs."),
        ["unknown-signature"] = (node => node.Change("sdb", disk => disk.Holding("apfs")), "/dev/sdb carries the signature \"apfs\", which is not known here; find out on the node what it holds."),
        ["partition-table"] = (node => node.Change("sdb", disk => disk.Holding("mac")), "/dev/sdb has a partition table (mac), and its partitions cannot be seen from here; look at it on the node with fdisk -l."),
        ["file-system"] = (node => node.Change("sdb", disk => disk.Holding("ext4") with { Label = "old" }), "/dev/sdb holds a file system (ext4 \"old\") that is not mounted; it can be erased if nobody needs what is on it."),
        ["idle-swap"] = (node => node.Change("sdb", disk => disk.Holding("swap")), "/dev/sdb was set up as swap and is not used as such; that mark can be erased."),
        ["empty-table"] = (node => node.Change("sdb", disk => disk.Holding("gpt", "PMBR")), "/dev/sdb has a partition table (gpt) without partitions; it can be erased."),
    };

    /// <summary>Reasons that lie in the device's name.</summary>
    private static readonly Dictionary<string, (string Device, string Sentence)> Names = new()
    {
        ["memory"] = ("zram0", "/dev/zram0 lies in memory and is empty after a restart; choose a disk."),
        ["floppy"] = ("fd0", "/dev/fd0 is a floppy drive; choose a disk."),
        ["network"] = ("nbd0", "/dev/nbd0 is made by other storage software and is not there before that runs; choose a disk."),
    };

    private static readonly string[] Wipeable = ["file-system", "idle-swap", "empty-table"];

    public static TheoryData<string> Rules => [.. Refusals.Keys.Concat(Names.Keys)];

    [Theory, MemberData(nameof(Rules))]
    public void Each_reason_is_told_in_a_sentence_that_names_the_disk_and_the_next_step(string rule)
    {
        var (name, given, sentence) = Names.TryGetValue(rule, out var byName) ? (byName.Device, node => node, byName.Sentence) : ("sdb", Refusals[rule].Given, Refusals[rule].Sentence);
        var node = given(With(Disk("sda"), Disk(name), Disk("sdc"), Disk("sdd")).WithPhysicalVolume("sdc", "ssd"));

        var use = DiskUse.Of(node.FindDevice("/dev/" + name)!, node, NodeLimits.Default, "ssd");

        var reason = Assert.Single(use.Reasons, one => one.Rule == rule);
        Assert.Equal(sentence, reason.Text.English);
        Assert.Equal(Wipeable.Contains(rule), reason.CanBeWiped);
        Assert.False(use.IsFree);
    }

    [Fact]
    public void Every_rule_has_its_row() =>
        Assert.Equal(DiskRules.All.Select(rule => rule.Id).Order(), Refusals.Keys.Concat(Names.Keys).Order());

    [Fact]
    public void A_disk_that_nothing_speaks_against_is_free()
    {
        var node = With(Disk("sda"), Disk("sdb"));

        Assert.Empty(DiskUse.Of(node.Devices[1], node, NodeLimits.Default, null).Reasons);
    }

    [Fact]
    public void A_physical_volume_without_a_group_is_free()
    {
        var node = With(Disk("sda"), Disk("sdb")).WithPhysicalVolume("sdb", "");

        Assert.True(DiskUse.Of(node.FindDevice("/dev/sdb")!, node, NodeLimits.Default, null).IsFree);
    }

    [Fact]
    public void A_signature_can_be_wiped_only_when_nothing_else_speaks_against_it()
    {
        var idle = With(Disk("sda"), Disk("sdb").Holding("ext4"));
        var mounted = idle.Change("sdb", disk => disk with { MountPoints = ["/srv"] });

        Assert.True(DiskUse.Of(idle.FindDevice("/dev/sdb")!, idle, NodeLimits.Default, null).IsFreeOnceWiped);
        Assert.False(DiskUse.Of(mounted.FindDevice("/dev/sdb")!, mounted, NodeLimits.Default, null).IsFreeOnceWiped);
    }

    [Fact]
    public void What_is_mounted_far_above_a_disk_counts_for_the_disk()
    {
        var node = With(Disk("sda") with { Children = ["sda1"] }, Part("sda1", "sda") with { Children = ["dm-0"] },
            new("dm-0", "/dev/mapper/system-root", "lvm", Gibibyte) { Parents = ["sda1"], MountPoints = ["/"] });

        Assert.Contains(DiskUse.Of(node.Devices[0], node, NodeLimits.Default, null).Reasons, reason => reason.Rule == "root");
    }

    [Fact]
    public void What_the_kernel_holds_is_a_riddle_only_while_nothing_else_tells_why()
    {
        var node = With(Disk("sda"), Disk("sdb") with { IsHeldByKernel = true, MountPoints = ["/srv"] });

        Assert.Equal(["mounted"], DiskUse.Of(node.FindDevice("/dev/sdb")!, node, NodeLimits.Default, null).Reasons.Select(reason => reason.Rule));
    }

    [Fact]
    public void A_table_whose_partitions_are_seen_is_no_second_reason()
    {
        var node = Below(With(Disk("sda"), Disk("sdb").Holding("gpt") with { PartitionTable = "gpt" }), Part("sdb1", "sdb"));

        Assert.Equal(["partitions"], DiskUse.Of(node.FindDevice("/dev/sdb")!, node, NodeLimits.Default, null).Reasons.Select(reason => reason.Rule));
    }

    private static NodeInventory Below(NodeInventory node, BlockDevice child) =>
        node.Change("sdb", disk => disk with { Children = [child.Name] }) with { Devices = [.. node.Devices.Select(one => one.Name == "sdb" ? one with { Children = [child.Name] } : one), child] };

    private static NodeInventory Missing(NodeInventory node) => node with
    {
        PhysicalVolumes = [.. node.PhysicalVolumes.Select(volume => volume.Device == "/dev/sdb" ? volume with { IsMissing = true } : volume)],
    };

    private static NodeInventory Managed(NodeInventory node, string file) =>
        node.Change("sdb", disk => disk with { Kind = "loop", BackingFile = file }) with { LoopDevices = [new("/dev/sdb", file, Gibibyte, IsManaged: true, IsDirectIo: false)] };
}
