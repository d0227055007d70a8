using CsCheck;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Core.NodeCommands;

public sealed class NodePlannerPropertyTests
{
    private const int Trees = 10_000;

    private static readonly Gen<DiskTree> AnyTree = Gen.Enum<DiskPurpose>().Array[1, 6].Select(DiskTree.Of);

    // Half of the trees hold only what may be taken, so that plans are made too, and not only refused.
    private static readonly Gen<DiskTree> FriendlyTree = Gen.OneOf(DiskPurpose.Free, DiskPurpose.OrphanPhysicalVolume, DiskPurpose.ManagedLoop, DiskPurpose.InTarget,
        DiskPurpose.FileSystem, DiskPurpose.EmptyTable).Array[1, 4].Select(DiskTree.Of);

    private static readonly Gen<(DiskTree Tree, NodeCommand Command)> AnyAddition =
        from tree in Gen.OneOf(AnyTree, FriendlyTree)
        from devices in Gen.OneOf(tree.Node.Devices.Select(device => device.Path).Append("/dev/absent").ToArray()).Array[1, 3]
        from wiped in Gen.Bool.Array[devices.Length]
        from extends in Gen.Bool
        let wipe = devices.Where((_, number) => wiped[number]).ToArray()
        select (tree, extends ? new ExtendVolumeGroup(DiskTree.Target, [.. devices], [.. wipe]) : (NodeCommand)new CreateVolumeGroup("fresh", [.. devices], [.. wipe]));

    private static readonly (string Name, Func<BlockDevice, BlockDevice> Do)[] Mutations =
    [
        ("size", disk => disk with { SizeBytes = disk.SizeBytes + (1 << 20) }),
        ("number", disk => disk with { Number = "8:99" }),
        ("kind", disk => disk with { Kind = "other" }),
        ("serial", disk => disk with { Serial = "another" }),
        ("wwn", disk => disk with { Wwn = "another" }),
        ("model", disk => disk with { Model = "another" }),
        ("transport", disk => disk with { Transport = "usb" }),
        ("read-only", disk => disk with { IsReadOnly = !disk.IsReadOnly }),
        ("removable", disk => disk with { IsRemovable = !disk.IsRemovable }),
        ("sectors", disk => disk with { LogicalSectorBytes = 4096 }),
        ("table", disk => disk with { PartitionTable = "atari" }),
        ("signature", disk => disk with { Signature = "another" }),
        ("signatures", disk => disk with { Signatures = disk.Signatures.Add(new(7, "another", null, null, null)) }),
        ("label", disk => disk with { Label = "another" }),
        ("mount", disk => disk with { MountPoints = disk.MountPoints.Add("/new") }),
        ("child", disk => disk with { Children = disk.Children.Add("another") }),
        ("parent", disk => disk with { Parents = disk.Parents.Add("another") }),
        ("file", disk => disk with { BackingFile = "/another" }),
        ("held", disk => disk with { IsHeldByKernel = !disk.IsHeldByKernel }),
        ("stable path", disk => disk with { StablePaths = disk.StablePaths.Add("/dev/disk/by-path/another") }),
    ];

    [Fact]
    public void No_disk_in_use_is_ever_planned_for()
    {
        var planned = 0;
        AnyAddition.Sample(pair =>
        {
            var (tree, command) = pair;
            var (devices, wipe) = command is CreateVolumeGroup create ? (create.Devices, create.Wipe) : command is ExtendVolumeGroup extend ? (extend.Devices, extend.Wipe) : ([], []);
            var plan = NodePlanner.Plan(command, tree.Node, NodeLimits.Default);
            if (plan.Steps.IsEmpty) return;

            Interlocked.Increment(ref planned);
            foreach (var word in plan.Steps.SelectMany(step => step.Words).Where(word => word.StartsWith("/dev/", StringComparison.Ordinal)))
            {
                Assert.Contains(word, devices);
                Assert.True(tree.Free.Contains(word) || tree.FreeOnceWiped.Contains(word) && wipe.Contains(word), $"{word} is in use");
            }
            foreach (var step in plan.Steps.Where(step => step.Words[0] == "wipefs")) Assert.Contains(step.Words[^1], wipe.Intersect(tree.FreeOnceWiped));
            Assert.All(plan.Steps, step => Assert.DoesNotContain(step.Words, word => word is "--force" or "--yes" or "-f" or "-y" or "-ff"));
        }, iter: Trees);
        Assert.InRange(planned, Trees / 20, Trees);
    }

    [Fact]
    public void Every_free_disk_is_planned_for() => AnyTree.Sample(tree =>
    {
        foreach (var path in tree.Free)
            Assert.False(NodePlanner.Plan(new ExtendVolumeGroup(DiskTree.Target, [path], []), tree.Node, NodeLimits.Default).IsRefused);
    }, iter: 1_000);

    [Fact]
    public void Every_change_of_a_disk_that_is_concerned_changes_the_fingerprint() =>
        Gen.Select(AnyAddition, Gen.Int[0, Mutations.Length - 1], Gen.Int[0, 2]).Sample((pair, mutation, which) =>
        {
            var named = pair.Command is CreateVolumeGroup create ? create.Devices : ((ExtendVolumeGroup)pair.Command).Devices;
            var concerned = pair.Tree.Node.FindDevice(named[which % named.Length]);
            if (concerned is null) return;
            // What lies on it, or below it, is concerned as well.
            var family = pair.Tree.Node.Above(concerned).AddRange(pair.Tree.Node.Below(concerned)).Add(concerned);
            var changed = pair.Tree.Node.Change(family[which % family.Length].Path["/dev/".Length..], Mutations[mutation].Do);

            Assert.NotEqual(NodePlanner.Plan(pair.Command, pair.Tree.Node, NodeLimits.Default).Fingerprint,
                NodePlanner.Plan(pair.Command, changed, NodeLimits.Default).Fingerprint);
        }, iter: Trees);

    [Fact]
    public void What_changes_all_the_time_does_not_change_the_fingerprint() => AnyAddition.Sample(pair =>
    {
        var node = pair.Tree.Node;
        var later = node with
        {
            TakenAt = node.TakenAt.AddMinutes(1),
            FileSystems = [.. node.FileSystems.Select(system => system with { AvailableBytes = system.AvailableBytes - 4096 })],
            VolumeGroups = [.. node.VolumeGroups.Select(group => group with { FreeBytes = group.FreeBytes / 2, LogicalVolumes = group.LogicalVolumes + 1 })],
            PhysicalVolumes = [.. node.PhysicalVolumes.Select(volume => volume with { FreeBytes = volume.FreeBytes / 2, Segments = [] })],
            LogicalVolumes = [.. node.LogicalVolumes.Select(volume => volume with { DataPercent = 50, IsOpen = !volume.IsOpen })],
            Devices = [.. node.Devices, Disk("unrelated") with { MountPoints = ["/elsewhere"] }],
        };

        Assert.Equal(NodePlanner.Plan(pair.Command, node, NodeLimits.Default).Fingerprint, NodePlanner.Plan(pair.Command, later, NodeLimits.Default).Fingerprint);
    }, iter: 1_000);

    [Fact]
    public void A_volume_that_comes_to_lie_on_a_disk_stops_the_removal_of_that_disk()
    {
        var node = With(Disk("sdb"), Disk("sdc")).WithPhysicalVolume("sdb", "ssd").WithPhysicalVolume("sdc", "ssd");
        var command = new RemovePhysicalVolume("ssd", "/dev/sdb");

        var later = node.WithLogicalVolume("ssd", "new", "/dev/sdb");

        Assert.NotEqual(NodePlanner.Plan(command, node, NodeLimits.Default).Fingerprint, NodePlanner.Plan(command, later, NodeLimits.Default).Fingerprint);
    }
}
