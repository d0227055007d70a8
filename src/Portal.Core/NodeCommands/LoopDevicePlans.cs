using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Core.Disks;
using Portal.Core.Texts;

namespace Portal.Core.NodeCommands;

/// <summary>Plans for loop devices on files of the agent's folder.</summary>
internal static partial class LoopDevicePlans
{
    // Their files are gone after a restart, are not on this node, or cannot be allocated.
    private static readonly string[] UnfitFileSystems = ["tmpfs", "ramfs", "devtmpfs", "overlay", "squashfs", "iso9660", "nfs", "nfs4", "cifs", "9p", "zfs"];

    public static void Create(PlanDraft draft, CreateLoopDevice command)
    {
        draft.Confirmation = command.FileName;
        if (!FileName().IsMatch(command.FileName)) draft.Refuse(NodePlanTexts.BadFileName(command.FileName));
        var path = draft.Limits.LoopDirectory.TrimEnd('/') + "/" + command.FileName;
        draft.Fact(path);
        if (draft.Inventory.LoopDevices.Any(loop => loop.FilePath == path)) draft.Refuse(NodePlanTexts.FileExists(path));
        if (command.SizeBytes < draft.Limits.MinimumDiskBytes)
            draft.Refuse(NodePlanTexts.LoopTooSmall(command.FileName, ByteText.Format(command.SizeBytes), ByteText.Format(draft.Limits.MinimumDiskBytes)));
        CheckRoom(draft, command.SizeBytes);
        draft.Run(new NodeStep(NodePlanTexts.StepMakeFile(path, ByteText.Format(command.SizeBytes)), ["fallocate", "--length", Number(command.SizeBytes), path])
        {
            Action = new MakeLoopFile(path, command.SizeBytes),
        });
        draft.Run(NodePlanTexts.StepAttach(path), ["losetup", "--find", "--show", "--direct-io=on", path]);
    }

    public static void Grow(PlanDraft draft, GrowLoopDevice command)
    {
        draft.Confirmation = command.FilePath[(command.FilePath.LastIndexOf('/') + 1)..];
        if (Managed(draft, command.FilePath) is not { } loop) return;
        if (loop.IsFileMissing) draft.Refuse(NodePlanTexts.FileIsMissing(loop.FilePath));
        if (loop.Path is null) draft.Refuse(NodePlanTexts.AttachFirst(loop.FilePath));
        if (draft.IsRefused || draft.Member(loop.Path!) is not { } device) return;
        if (command.SizeBytes < loop.SizeBytes)
        {
            draft.Refuse(NodePlanTexts.OnlyGrows(loop.FilePath, ByteText.Format(loop.SizeBytes)));
            return;
        }
        if (command.SizeBytes > loop.SizeBytes)
        {
            CheckRoom(draft, command.SizeBytes - loop.SizeBytes);
            draft.Run(NodePlanTexts.StepGrowFile(loop.FilePath, ByteText.Format(command.SizeBytes)), ["fallocate", "--length", Number(command.SizeBytes), loop.FilePath]);
        }
        if (command.SizeBytes > device.SizeBytes) draft.Run(NodePlanTexts.StepGrowDevice(device.Path), ["losetup", "--set-capacity", device.Path]);
        if (draft.Inventory.FindPhysicalVolume(device) is not { } volume) return;
        var group = volume.VolumeGroup.Length > 0 ? draft.Group(volume.VolumeGroup, withVolumes: false) : null;
        if ((volume with { DeviceBytes = command.SizeBytes }).GrowthBytes(group) > 0)
            draft.Run(NodePlanTexts.StepResize(device.Path), ["pvresize", device.Path]);
    }

    public static void Attach(PlanDraft draft, AttachLoopDevice command)
    {
        draft.Confirmation = command.FilePath[(command.FilePath.LastIndexOf('/') + 1)..];
        if (Managed(draft, command.FilePath) is not { } loop || loop is { Path: not null, IsFileMissing: false }) return;
        if (loop.IsFileMissing) draft.Refuse(NodePlanTexts.FileIsMissing(loop.FilePath));
        draft.Run(NodePlanTexts.StepAttach(loop.FilePath), ["losetup", "--find", "--show", "--direct-io=on", loop.FilePath]);
    }

    public static void Remove(PlanDraft draft, RemoveLoopDevice command)
    {
        draft.Confirmation = command.FilePath[(command.FilePath.LastIndexOf('/') + 1)..];
        if (Managed(draft, command.FilePath) is not { } loop) return;
        foreach (var problem in draft.Inventory.Problems) draft.Refuse(NodePlanTexts.InventoryIsIncomplete(ForeignText.Sentence(problem)));
        if (loop.Path is { } path)
        {
            if (draft.Device(path) is not { } device) return;
            CheckUnused(draft, device);
            draft.Run(NodePlanTexts.StepDetach(path, loop.FilePath), ["losetup", "--detach", path], loop.IsFileMissing ? null : ["losetup", path, loop.FilePath]);
        }
        else if (!loop.IsFileMissing && draft.Inventory.VolumeGroups.FirstOrDefault(group => group.MissingPhysicalVolumes > 0) is { } waiting)
        {
            draft.Fact("waiting " + waiting.Name);
            draft.Refuse(NodePlanTexts.MayBeTheMissingDisk(waiting.Name, loop.FilePath));
        }
        draft.Run(new NodeStep(NodePlanTexts.StepDeleteFile(loop.FilePath), ["rm", "--force", loop.FilePath]) { Action = new DeleteLoopFile(loop.FilePath) });
        draft.Destroy(NodePlanTexts.FileGoes(loop.FilePath, ByteText.Format(loop.SizeBytes)));
    }

    private static LoopDevice? Managed(PlanDraft draft, string file)
    {
        var loop = draft.Inventory.LoopDevices.FirstOrDefault(one => one.FilePath == file);
        draft.Fact(loop is null ? "no file " + file : $"{loop.FilePath} {loop.Path} {loop.SizeBytes} {loop.IsManaged} {loop.IsFileMissing}");
        if (loop is { IsManaged: true } && IsInFolder(draft, file)) return loop;
        draft.Refuse(NodePlanTexts.FileIsNotOurs(file, draft.Limits.LoopDirectory));
        return null;
    }

    private static bool IsInFolder(PlanDraft draft, string file) =>
        file.StartsWith(draft.Limits.LoopDirectory.TrimEnd('/') + "/", StringComparison.Ordinal) && FileName().IsMatch(file[(file.LastIndexOf('/') + 1)..])
        && file.LastIndexOf('/') == draft.Limits.LoopDirectory.TrimEnd('/').Length;

    private static void CheckUnused(PlanDraft draft, BlockDevice device)
    {
        if (draft.Inventory.FindPhysicalVolume(device) is { } volume)
            draft.Refuse(volume.VolumeGroup.Length > 0 ? DiskTexts.BelongsToGroup(device.Path, volume.VolumeGroup) : NodePlanTexts.IsStillPhysicalVolume(device.Path));
        // Whoever owns such a mark may want it back; a file system or an old table is said to be destroyed.
        foreach (var reason in DiskUse.Of(device, draft.Inventory, draft.Limits, null).Reasons)
        {
            if (reason.Rule is "loop-file-missing" or "too-small" or "group" or "partition-table") continue;
            if (reason.CanBeWiped) draft.Destroy(NodePlanTexts.SignatureGoes(device.Path, device.Signature + VolumeGroupPlans.Labelled(device)));
            else draft.Refuse(reason.Text);
        }
    }

    // The host needs room of its own: the kubelet evicts pods from a full file system.
    private static void CheckRoom(PlanDraft draft, long bytes)
    {
        var folder = draft.Limits.LoopDirectory.TrimEnd('/') + "/";
        if (DiskRules.IsTemporary(folder)) draft.Refuse(NodePlanTexts.FolderIsTemporary(folder));
        var host = draft.Inventory.FileSystems.Where(system => folder.StartsWith(system.MountPoint.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(system => system.MountPoint.Length);
        draft.Fact($"on {host?.MountPoint} {host?.Type}");
        var most = host is null ? 0 : draft.Limits.Room(host);
        var why = host is null ? NodePlanTexts.NoHostFileSystem(folder)
            : IsUnfit(host) ? NodePlanTexts.UnfitFileSystem(folder, host.MountPoint, host.Type)
            : bytes > most ? NodePlanTexts.HostWouldBeFull(host.MountPoint, Percent(draft.Limits.FreeShare), ByteText.Format(bytes), ByteText.Format(most))
            : null;
        if (why is not null) draft.Refuse(why);
    }

    private static bool IsUnfit(HostFileSystem host) => UnfitFileSystems.Contains(host.Type) || host.Type.StartsWith("fuse", StringComparison.Ordinal);

    private static string Percent(double share) => Math.Round(share * 100).ToString(CultureInfo.InvariantCulture);

    private static string Number(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex FileName();
}
