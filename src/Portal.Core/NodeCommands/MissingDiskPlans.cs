using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.Texts;

namespace Portal.Core.NodeCommands;

/// <summary>Plans for volume groups that miss a disk.</summary>
internal static class MissingDiskPlans
{
    private const string Unknown = "[unknown]";

    public static void Forget(PlanDraft draft, ForgetMissingDisks command)
    {
        draft.Confirmation = command.VolumeGroup;
        if (draft.Group(command.VolumeGroup, withVolumes: true) is not { } group || group.MissingPhysicalVolumes == 0) return;
        var missing = Missing(draft.Inventory, group);
        if (group.MissingPhysicalVolumes >= group.PhysicalVolumes) draft.Refuse(NodePlanTexts.EveryDiskIsMissing(group.Name));
        foreach (var back in missing.Select(volume => draft.Inventory.FindDevice(volume.Device)).OfType<BlockDevice>())
            draft.Refuse(NodePlanTexts.DiskIsBack(back.Path, group.Name));
        var touched = Touched(draft.Inventory, group, missing);
        var lost = touched.Where(volume => !KeepsCopies(volume)).ToList();
        foreach (var open in lost.Where(volume => volume.IsOpen))
        {
            draft.Fact("open " + open.Name);
            draft.Refuse(NodePlanTexts.LostVolumeIsInUse(open.Name, group.Name));
        }
        foreach (var volume in lost) draft.Destroy(NodePlanTexts.VolumeGoes(volume.Name, ByteText.Format(volume.SizeBytes)));
        foreach (var volume in touched.Where(KeepsCopies)) draft.Warn(NodePlanTexts.LosesACopy(volume.Name));
        string[] words = touched.Count > 0 ? ["vgreduce", "--removemissing", "--force", group.Name] : ["vgreduce", "--removemissing", group.Name];
        draft.Run(NodePlanTexts.StepForgetMissing(group.Name), [.. words]);
        draft.Destroy(NodePlanTexts.LostDisksGo(group.Name, group.MissingPhysicalVolumes));
    }

    public static void Restore(PlanDraft draft, RestoreMissingDisk command)
    {
        draft.Confirmation = command.Device;
        if (draft.Group(command.VolumeGroup, withVolumes: false) is not { } group || draft.Member(command.Device) is not { } disk) return;
        var volume = draft.Inventory.FindPhysicalVolume(disk);
        if (volume is null || volume.VolumeGroup != group.Name) draft.Refuse(NodePlanTexts.IsNotOfGroup(disk.Path, group.Name));
        else if (disk.IsReadOnly) draft.Refuse(DiskTexts.IsReadOnly(disk.Path));
        if (draft.IsRefused || volume is not { IsMissing: true }) return;
        draft.Run(NodePlanTexts.StepRestore(disk.Path, group.Name), ["vgextend", "--restoremissing", group.Name, PlanDraft.PathOf(disk)]);
        draft.Warn(NodePlanTexts.MayBeOutdated(group.Name, disk.Path));
    }

    /// <summary>The group's volumes that cannot be whole without its missing disks; not those of which another disk has a copy.</summary>
    public static List<LvmLogicalVolume> Lost(NodeInventory inventory, LvmVolumeGroup group) =>
        group.MissingPhysicalVolumes == 0 ? [] : [.. Touched(inventory, group, Missing(inventory, group)).Where(volume => !KeepsCopies(volume))];

    private static List<LvmPhysicalVolume> Missing(NodeInventory inventory, LvmVolumeGroup group) =>
        [.. inventory.PhysicalVolumes.Where(volume => volume.VolumeGroup == group.Name && volume.IsMissing)];

    // What lies on a lost disk, and what was made from that: thin volumes of a pool, snapshots of a volume.
    private static List<LvmLogicalVolume> Touched(NodeInventory inventory, LvmVolumeGroup group, List<LvmPhysicalVolume> missing)
    {
        var volumes = inventory.LogicalVolumes.Where(volume => volume.VolumeGroup == group.Name).ToList();
        var named = missing.SelectMany(volume => volume.Segments).Select(segment => segment.LogicalVolume).OfType<string>().Select(name => name.Trim('[', ']')).ToHashSet();
        var touched = volumes.Where(volume => volume.Devices.Contains(Unknown) || missing.Any(one => volume.Devices.Contains(one.Device))
            || volume.Attributes is { Length: > 8 } marks && marks[8] == 'p' || named.Any(name => IsPartOf(name, volume.Name))).ToList();
        for (var found = true; found;)
        {
            var further = volumes.Except(touched).Where(volume => touched.Any(one => one.Name == volume.Pool || one.Name == volume.Origin)).ToList();
            touched.AddRange(further);
            found = further.Count > 0;
        }
        return touched;
    }

    // lvm's own parts of a volume carry its name in front: "pool_tdata", "data_rimage_0".
    private static bool IsPartOf(string part, string volume) =>
        part == volume || part.StartsWith(volume + "_", StringComparison.Ordinal) && part[(volume.Length + 1)..] is var rest
        && (rest is "tdata" or "tmeta" || rest.StartsWith("rimage_", StringComparison.Ordinal)
            || rest.StartsWith("rmeta_", StringComparison.Ordinal) || rest.StartsWith("mimage_", StringComparison.Ordinal) || rest.StartsWith("tdata_", StringComparison.Ordinal));

    private static bool KeepsCopies(LvmLogicalVolume volume) =>
        volume.Layout == "mirror" || volume.Layout.StartsWith("raid", StringComparison.Ordinal) && volume.Layout is not ("raid0" or "raid0_meta");
}
