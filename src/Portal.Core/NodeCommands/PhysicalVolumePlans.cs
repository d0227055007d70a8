using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.Lvm;

namespace Portal.Core.NodeCommands;

/// <summary>Plans that take a disk out of its volume group, or follow its growth.</summary>
internal static class PhysicalVolumePlans
{
    public static void Remove(PlanDraft draft, RemovePhysicalVolume command)
    {
        draft.Confirmation = command.Device;
        if (draft.Group(command.VolumeGroup, withVolumes: true) is not { } group || draft.Member(command.Device) is not { } disk) return;
        var path = PlanDraft.PathOf(disk);
        // No physical volume any more, or none of any group: what was to be done has been done, up to its mark.
        if (draft.Inventory.FindPhysicalVolume(disk) is not { } volume) return;
        if (volume.VolumeGroup.Length > 0 && volume.VolumeGroup != group.Name)
        {
            draft.Refuse(DiskTexts.BelongsToGroup(disk.Path, volume.VolumeGroup));
            return;
        }
        if (volume.VolumeGroup == group.Name) LeaveGroup(draft, group, volume, disk);
        draft.Run(NodePlanTexts.StepForgetDisks(path), ["pvremove", path]);
    }

    public static void Resize(PlanDraft draft, ResizePhysicalVolume command)
    {
        draft.Confirmation = command.Device;
        if (!draft.WithLvm() || draft.Member(command.Device) is not { } disk) return;
        if (draft.Inventory.FindPhysicalVolume(disk) is not { } volume)
        {
            draft.Refuse(NodePlanTexts.IsNoPhysicalVolume(disk.Path));
            return;
        }
        var group = volume.VolumeGroup.Length > 0 ? draft.Group(volume.VolumeGroup, withVolumes: false) : null;
        if (group is { MissingPhysicalVolumes: > 0 }) draft.Refuse(NodePlanTexts.GroupMissesDisks(group.Name, group.MissingPhysicalVolumes));
        if (volume.DeviceBytes < volume.SizeBytes) draft.Refuse(NodePlanTexts.DiskHasShrunk(disk.Path));
        else if (volume.GrowthBytes(group) > 0) draft.Run(NodePlanTexts.StepResize(disk.Path), ["pvresize", PlanDraft.PathOf(disk)]);
        else draft.Refuse(NodePlanTexts.DiskHasNotGrown(disk.Path));
    }

    // LVM itself moves extent by extent and remembers how far it came: the same words go on after a cut.
    private static void LeaveGroup(PlanDraft draft, LvmVolumeGroup group, LvmPhysicalVolume volume, BlockDevice disk)
    {
        var path = PlanDraft.PathOf(disk);
        if (group.MissingPhysicalVolumes > 0) draft.Refuse(NodePlanTexts.GroupMissesDisks(group.Name, group.MissingPhysicalVolumes));
        if (group.PhysicalVolumes <= 1) draft.Refuse(NodePlanTexts.IsLastDisk(disk.Path, group.Name));
        var used = UsedExtents(volume, group);
        if (used > 0)
        {
            var others = draft.Inventory.PhysicalVolumes.Where(other => other.VolumeGroup == group.Name && other.Uuid != volume.Uuid).ToImmutableArray();
            var room = others.Where(other => other is { IsAllocatable: true, IsMissing: false }).Sum(other => other.FreeBytes / group.ExtentBytes);
            // A move that was cut off has its room already.
            var moving = volume.Segments.Where(segment => segment.LogicalVolume?.StartsWith("[pvmove", StringComparison.Ordinal) == true).Sum(segment => segment.Extents);
            if (group.PhysicalVolumes > 1 && room < used - moving) draft.Refuse(NodePlanTexts.NoRoomOnOthers(used, disk.Path, group.Name, room));
            if (!draft.Inventory.HasDeviceMapper) draft.Refuse(NodePlanTexts.NoDeviceMapper(NodePlanTexts.MovingNeedsIt(disk.Path)));
            if (Mirrored(draft.Inventory, group, disk, volume) is { Count: > 0 } mirrored)
                draft.Refuse(NodePlanTexts.HoldsCopies(disk.Path, VolumeGroupPlans.Few(mirrored)));
            draft.Run(new NodeStep(NodePlanTexts.StepMove(used, disk.Path, group.Name), ["pvmove", "--interval", "1", path]) { HasProgress = true });
            draft.Warn(NodePlanTexts.MovingTakesTime(disk.Path));
        }
        draft.Run(NodePlanTexts.StepReduce(disk.Path, group.Name), ["vgreduce", group.Name, path], ["vgextend", group.Name, path]);
    }

    private static long UsedExtents(LvmPhysicalVolume volume, LvmVolumeGroup group) => volume.Segments.IsEmpty
        ? (volume.SizeBytes - volume.FreeBytes) / group.ExtentBytes
        : volume.Segments.Where(segment => segment.LogicalVolume is not null).Sum(segment => segment.Extents);

    // pvmove could bring two copies of the same data together on one disk.
    private static List<string> Mirrored(NodeInventory inventory, LvmVolumeGroup group, BlockDevice disk, LvmPhysicalVolume volume) =>
    [
        .. inventory.LogicalVolumes.Where(one => one.VolumeGroup == group.Name && IsMirrored(one.Layout)
            && one.Devices.Any(device => device == volume.Device || inventory.FindDevice(device)?.Name == disk.Name)).Select(one => one.Name),
    ];

    private static bool IsMirrored(string layout) => layout.StartsWith("raid", StringComparison.Ordinal) && layout != "raid0" || layout == "mirror";
}
