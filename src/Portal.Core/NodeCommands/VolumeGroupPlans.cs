using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.Texts;

namespace Portal.Core.NodeCommands;

/// <summary>Plans that make, enlarge, activate and remove volume groups.</summary>
internal static class VolumeGroupPlans
{
    public static void Create(PlanDraft draft, CreateVolumeGroup command)
    {
        draft.Confirmation = command.Name;
        if (!draft.WithLvm()) return;
        var disks = Disks(draft, command.Devices, command.Wipe);
        if (draft.Inventory.FindVolumeGroup(command.Name) is { } existing)
        {
            draft.Group(existing.Name, withVolumes: false);
            if (!IsMadeOf(draft, existing, disks)) draft.Refuse(NodePlanTexts.GroupExists(command.Name));
            return;
        }
        draft.Fact("no volume group " + command.Name);
        if (VolumeGroupName.WhyNot(command.Name, draft.Inventory) is { } why) draft.Refuse(why);
        Prepare(draft, disks, command.Name, command.Wipe);
        draft.Run(NodePlanTexts.StepCreate(command.Name, Names(disks)), ["vgcreate", command.Name, .. disks.Select(PlanDraft.PathOf)], ["vgremove", command.Name]);
    }

    public static void Extend(PlanDraft draft, ExtendVolumeGroup command)
    {
        draft.Confirmation = command.Name;
        var disks = Disks(draft, command.Devices, command.Wipe);
        if (draft.Group(command.Name, withVolumes: false) is not { } group) return;
        if (group.MissingPhysicalVolumes > 0) draft.Refuse(NodePlanTexts.GroupMissesDisks(group.Name, group.MissingPhysicalVolumes));
        var added = disks.Where(disk => draft.Inventory.FindPhysicalVolume(disk)?.VolumeGroup != group.Name).ToImmutableArray();
        if (added.IsEmpty) return;
        Prepare(draft, added, group.Name, command.Wipe);
        var paths = added.Select(PlanDraft.PathOf).ToImmutableArray();
        draft.Run(NodePlanTexts.StepExtend(Names(added), group.Name), ["vgextend", group.Name, .. paths], ["vgreduce", group.Name, .. paths]);
    }

    public static void Remove(PlanDraft draft, RemoveVolumeGroup command)
    {
        draft.Confirmation = command.Name;
        if (draft.Group(command.Name, withVolumes: true) is not { } group) return;
        var volumes = draft.Inventory.LogicalVolumes.Where(volume => volume.VolumeGroup == group.Name).Select(volume => volume.Name).ToList();
        if (volumes.Count > 0 || group.LogicalVolumes > 0)
            draft.Refuse(NodePlanTexts.GroupHasVolumes(group.Name, Math.Max(volumes.Count, group.LogicalVolumes), Few(volumes)));
        if (group.MissingPhysicalVolumes > 0) draft.Refuse(NodePlanTexts.GroupMissesDisks(group.Name, group.MissingPhysicalVolumes));
        var disks = Members(draft, group);
        var paths = disks.Select(PlanDraft.PathOf).ToImmutableArray();
        draft.Run(NodePlanTexts.StepRemove(group.Name), ["vgremove", group.Name]);
        if (!paths.IsEmpty) draft.Run(NodePlanTexts.StepForgetDisks(Names(disks)), ["pvremove", .. paths]);
        draft.Destroy(NodePlanTexts.GroupGoes(group.Name));
        draft.Warn(NodePlanTexts.LvmdMustNotName(group.Name));
    }

    public static void Rename(PlanDraft draft, RenameVolumeGroup command)
    {
        draft.Confirmation = command.Name;
        draft.Group(command.Name, withVolumes: false);
        draft.Refuse(NodePlanTexts.NoRename(command.Name, command.NewName));
    }

    public static void Activate(PlanDraft draft, ActivateVolumeGroup command)
    {
        draft.Confirmation = command.Name;
        if (draft.Group(command.Name, withVolumes: true) is not { } group) return;
        if (!draft.Inventory.HasDeviceMapper) draft.Refuse(NodePlanTexts.NoDeviceMapper(NodePlanTexts.ActivatingNeedsIt));
        var lost = MissingDiskPlans.Lost(draft.Inventory, group).Select(volume => volume.Name).ToHashSet();
        var inactive = draft.Inventory.LogicalVolumes.Where(volume => volume.VolumeGroup == group.Name && !volume.IsActive).Select(volume => volume.Name).ToList();
        if (inactive.Where(lost.Contains).ToList() is { Count: > 0 } stay) draft.Warn(NodePlanTexts.SomeStayInactive(group.Name, group.MissingPhysicalVolumes, Few(stay)));
        var able = inactive.Where(name => !lost.Contains(name)).ToList();
        draft.Fact("inactive " + string.Join(' ', able));
        if (able.Count == 0) return;
        // vgchange would try the lost ones too and end in failure, whatever it has activated.
        draft.Run(NodePlanTexts.StepActivate(group.Name, Few(able)),
            lost.Count == 0 ? ["vgchange", "--activate", "y", group.Name] : ["lvchange", "--activate", "y", .. able.Select(name => $"{group.Name}/{name}")]);
    }

    private static ImmutableArray<BlockDevice> Disks(PlanDraft draft, ImmutableArray<string> paths, ImmutableArray<string> wipe)
    {
        if (paths.IsEmpty) draft.Refuse(NodePlanTexts.NoDisks);
        foreach (var path in wipe.Except(paths)) draft.Refuse(NodePlanTexts.WipesOtherDisk(path));
        foreach (var problem in draft.Inventory.Problems) draft.Refuse(NodePlanTexts.InventoryIsIncomplete(ForeignText.Sentence(problem)));
        return [.. paths.Select(draft.Device).OfType<BlockDevice>().DistinctBy(disk => disk.Name)];
    }

    // Erases what is to be erased, and makes physical volumes of what is none.
    private static void Prepare(PlanDraft draft, ImmutableArray<BlockDevice> disks, string group, ImmutableArray<string> wipe)
    {
        foreach (var disk in disks)
        {
            var use = DiskUse.Of(disk, draft.Inventory, draft.Limits, group, [.. disks.Where(other => other != disk)]);
            var isWiped = use.IsFreeOnceWiped && wipe.Any(path => draft.Inventory.FindDevice(path)?.Name == disk.Name);
            if (isWiped) Wipe(draft, disk);
            else foreach (var why in use.WhyNot) draft.Refuse(why);
        }
        var raw = disks.Where(disk => draft.Inventory.FindPhysicalVolume(disk) is null).ToImmutableArray();
        foreach (var path in raw.Select(PlanDraft.PathOf)) draft.Run(NodePlanTexts.StepPrepare(path), ["pvcreate", path], ["pvremove", path]);
    }

    // Only the kinds that were seen: anything else makes pvcreate ask, and nobody answers it.
    private static void Wipe(PlanDraft draft, BlockDevice disk)
    {
        var path = PlanDraft.PathOf(disk);
        var types = disk.Signatures.Select(signature => signature.Type).Distinct().Order(StringComparer.Ordinal).ToList();
        if (types.Count == 0)
        {
            draft.Refuse(NodePlanTexts.NothingKnownToWipe(disk.Path));
            return;
        }
        draft.Run(NodePlanTexts.StepWipe(path, string.Join(", ", types)), ["wipefs", "--all", "--types", string.Join(',', types), path]);
        draft.Destroy(NodePlanTexts.SignatureGoes(disk.Path, string.Join(", ", types) + Labelled(disk)));
    }

    internal static string Labelled(BlockDevice disk) => disk.Label is { Length: > 0 } label ? $" \"{label}\"" : "";

    private static bool IsMadeOf(PlanDraft draft, LvmVolumeGroup group, ImmutableArray<BlockDevice> disks) =>
        !disks.IsEmpty && group.PhysicalVolumes == disks.Length && disks.All(disk => draft.Inventory.FindPhysicalVolume(disk)?.VolumeGroup == group.Name);

    private static ImmutableArray<BlockDevice> Members(PlanDraft draft, LvmVolumeGroup group) =>
    [
        .. draft.Inventory.PhysicalVolumes.Where(volume => volume.VolumeGroup == group.Name && !volume.IsMissing).Select(volume => draft.Member(volume.Device)).OfType<BlockDevice>(),
    ];

    private static string Names(ImmutableArray<BlockDevice> disks) => string.Join(", ", disks.Select(disk => disk.Path));

    // As many are named; the page lists them all.
    internal static string Few(List<string> names) => string.Join(", ", names.Take(3)) + (names.Count > 3 ? ", …" : "");
}
