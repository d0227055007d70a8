using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Core.TopoLvm.Nodes.Setup;

// A disk becomes storage in five steps, and only in this order: lvmd ends at its start when a volume group of its file is missing, so the
// group comes before the device class, and both before the label that brings lvmd. No step is remembered: each is read from the agent's
// inventory and the cluster, so that it does not matter who did it, or when.

/// <summary>How far a node is on the way from a disk to storage that has proven to work.</summary>
/// <param name="Verification">How the last trial of the device class on the node ended.</param>
public sealed record DiskToStorage(StorageNode Node, AgentsSnapshot Agents, StorageState Storage, SetupChoice Choice, SetupVerification Verification)
{
    /// <summary>Null where none has connected.</summary>
    public NodeAgent? Agent => Agents.Find(Node.Name);

    private NodeInventory? Inventory => Agent?.Inventory;

    /// <summary>The device class that hands out the chosen group on this node; null while none does.</summary>
    public DeviceClassConfig? DeviceClass => Node.Configuration?.Config.DeviceClasses.FirstOrDefault(one => one.VolumeGroup == Choice.VolumeGroup && one.Name.Length > 0);

    /// <summary>StorageClasses by which claims come to the device class.</summary>
    public ImmutableArray<LocalStorageClass> StorageClasses => DeviceClass is not { } one ? []
        : [.. Storage.StorageClasses.Where(found => found.Names == Storage.Installation?.Names && (found.DeviceClass == one.Name || (found.DeviceClass.Length == 0 && one.IsDefault)))];

    /// <summary>Groups that the node's configuration names and that its agent does not find on it.</summary>
    public ImmutableArray<string> MissingGroups => NodeGates.GroupsUnseen(Node, Inventory);

    public ImmutableArray<SetupStep> Steps
    {
        get
        {
            var disk = Disk();
            var group = VolumeGroup(disk);
            var deviceClass = Class(group);
            var label = Label(group, deviceClass);
            return [disk, group, deviceClass, label, Verified(label)];
        }
    }

    /// <summary>Nodes that take the same configuration, and whose agents do not find the chosen group there.</summary>
    private string[] NodesWithout =>
    [
        .. (Node.Configuration?.Nodes ?? []).Select(other => other.Name)
            .Where(name => name != Node.Name && Agents.Find(name)?.Inventory is { } inventory && inventory.FindVolumeGroup(Choice.VolumeGroup) is null),
    ];

    private bool HasGroup => Inventory?.FindVolumeGroup(Choice.VolumeGroup) is not null || Node.Classes.Any(one => one.VolumeGroup == Choice.VolumeGroup);

    private SetupStep Disk()
    {
        if (Inventory?.FindVolumeGroup(Choice.VolumeGroup) is { } group)
        {
            var disks = Inventory.PhysicalVolumes.Where(volume => volume.VolumeGroup == group.Name && !volume.IsMissing).Select(volume => volume.Device);
            return Step(SetupPart.Disk, SetupState.Done, SetupTexts.DiskInGroup(group.Name, string.Join(", ", disks)));
        }
        if (HasGroup) return Step(SetupPart.Disk, SetupState.Done, SetupTexts.GroupPublished(Choice.VolumeGroup));
        if (Inventory is null) return Step(SetupPart.Disk, SetupState.Blocked, Agent is null ? SetupTexts.NoAgent(Node.Name) : SetupTexts.NothingTold(Node.Name));
        if (Inventory.LvmVersion is null) return Step(SetupPart.Disk, SetupState.Blocked, SetupTexts.NoLvm(Node.Name));
        var taken = Choice.Disks.Where(path => !IsFree(path)).ToArray();
        if (taken.Length > 0) return Step(SetupPart.Disk, SetupState.Open, SetupTexts.DiskTaken(string.Join(", ", taken)));
        if (!Choice.Disks.IsEmpty) return Step(SetupPart.Disk, SetupState.Done, SetupTexts.DiskChosen(string.Join(", ", Choice.Disks.Select(Sized))));
        return Step(SetupPart.Disk, SetupState.Open, Inventory.Devices.Any(device => device.Kind is "disk" or "loop" && IsFree(device.Path)) ? SetupTexts.ChooseDisk : SetupTexts.NoFreeDisk(Node.Name));
    }

    private SetupStep VolumeGroup(SetupStep disk)
    {
        if (Inventory?.FindVolumeGroup(Choice.VolumeGroup) is { } group)
        {
            return group.MissingPhysicalVolumes > 0
                ? Step(SetupPart.VolumeGroup, SetupState.Open, SetupTexts.GroupMissesDisks(group.Name, group.MissingPhysicalVolumes))
                : Step(SetupPart.VolumeGroup, SetupState.Done, SetupTexts.GroupIsThere(group.Name, ByteText.Format(group.FreeBytes), ByteText.Format(group.SizeBytes)));
        }
        if (HasGroup) return Step(SetupPart.VolumeGroup, SetupState.Done, SetupTexts.GroupPublished(Choice.VolumeGroup));
        return disk.State != SetupState.Done ? Step(SetupPart.VolumeGroup, SetupState.Blocked, SetupTexts.DiskFirst)
            : Agent is { IsConnected: false } ? Step(SetupPart.VolumeGroup, SetupState.Blocked, SetupTexts.AgentOffline(Node.Name))
            : NodesWithout is { Length: > 0 } others && DeviceClass is null
                ? Step(SetupPart.VolumeGroup, SetupState.Open, SetupTexts.MakeGroupAlone(Choice.VolumeGroup, Node.Configuration!.ConfigMapName, string.Join(", ", others)))
            : Step(SetupPart.VolumeGroup, SetupState.Open, DeviceClass is { } named ? SetupTexts.MakeNamedGroup(Choice.VolumeGroup, named.Name) : SetupTexts.MakeGroup(Choice.VolumeGroup));
    }

    private SetupStep Class(SetupStep group)
    {
        if (Storage.Installation is null) return Step(SetupPart.DeviceClass, SetupState.Blocked, SetupTexts.NotInstalled);
        if (Node.Configuration is not { } configuration) return Step(SetupPart.DeviceClass, SetupState.Blocked, NodeTexts.NoConfiguration(Node.Name, Storage.NodeLabel));
        if (DeviceClass is { } one) return Step(SetupPart.DeviceClass, SetupState.Done, SetupTexts.ClassIsThere(one.Name, configuration.ConfigMapName, one.VolumeGroup));
        return group.State == SetupState.Done
            ? Step(SetupPart.DeviceClass, SetupState.Open, SetupTexts.AddClass(configuration.ConfigMapName, Choice.VolumeGroup))
            : Step(SetupPart.DeviceClass, SetupState.Blocked, SetupTexts.GroupFirst);
    }

    private SetupStep Label(SetupStep group, SetupStep deviceClass)
    {
        if (Node.IsBeingDeleted) return Step(SetupPart.Label, SetupState.Blocked, NodeTexts.IsBeingDeleted(Node.Name));
        if (DeviceClass is not { } one || deviceClass.State != SetupState.Done) return Step(SetupPart.Label, SetupState.Blocked, SetupTexts.ClassFirst);
        if (Node is { IsEnabled: true, IsServing: true } && Node.Classes.FirstOrDefault(published => published.DeviceClass == one.Name) is { } capacity)
            return Step(SetupPart.Label, SetupState.Done, SetupTexts.IsPublished(Node.Name, ByteText.Format(capacity.AvailableBytes), one.Name));
        if (group.State != SetupState.Done) return Step(SetupPart.Label, SetupState.Blocked, SetupTexts.GroupBeforeLabel);
        if (Inventory is not null && MissingGroups is { IsEmpty: false } missing)
            return Step(SetupPart.Label, SetupState.Blocked, SetupTexts.OtherGroupsMissing(string.Join(", ", missing), Node.Name));
        return Node.IsEnabled ? Step(SetupPart.Label, SetupState.Working, WaitsFor()) : Step(SetupPart.Label, SetupState.Open, SetupTexts.SetLabel(Storage.NodeLabel));
    }

    private Message WaitsFor() =>
        !Node.IsReady ? SetupTexts.NodeOffline(Node.Name)
        : Node.Lvmd.State != NodePartState.Ready ? Node.Lvmd.Trouble ?? SetupTexts.LvmdComes(Node.Name)
        : Node.Plugin.State != NodePartState.Ready ? Node.Plugin.Trouble ?? SetupTexts.PluginComes(Node.Name)
        : NodeTexts.WaitCapacity(Node.Name);

    private SetupStep Verified(SetupStep label)
    {
        if (label.State != SetupState.Done) return Step(SetupPart.Verification, SetupState.Blocked, SetupTexts.PublishedFirst);
        return Verification.State switch
        {
            SetupState.Done => Step(SetupPart.Verification, SetupState.Done, SetupTexts.HasPassed),
            SetupState.Working => Step(SetupPart.Verification, SetupState.Working, SetupTexts.IsRunning),
            _ when StorageClasses.IsEmpty => Step(SetupPart.Verification, SetupState.Open, SetupTexts.NoStorageClass(DeviceClass!.Name)),
            _ => Step(SetupPart.Verification, SetupState.Open, Verification.Problem is { } problem ? SetupTexts.HasFailed(problem) : SetupTexts.RunIt),
        };
    }

    /// <summary>Free, or free once a person has agreed to erase what is on it.</summary>
    private bool IsFree(string path) => Inventory?.FindDevice(path) is { } disk && DiskUse.Of(disk, Inventory, Inventory.Limits, null) is var use
        && (use.IsFree || use.IsFreeOnceWiped) && Inventory.FindPhysicalVolume(disk)?.VolumeGroup is not { Length: > 0 };

    private string Sized(string path) => $"{path} ({ByteText.Format(Inventory!.FindDevice(path)!.SizeBytes)})";

    private static SetupStep Step(SetupPart part, SetupState state, Message text) => new(part, state, text);
}
