using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Portal.Core.NodeCommands;

// What a person may have done on a node. A command says what is wanted; the planner turns it, and what the node is like at that moment, into
// the exact programs that will run, or into the reasons why it is refused. The agent plans again before it acts: the fingerprint tells
// whether the node is still the one that the person saw.

/// <summary>A change of a node's disks.</summary>
[JsonDerivedType(typeof(CreateVolumeGroup), "createVolumeGroup")]
[JsonDerivedType(typeof(ExtendVolumeGroup), "extendVolumeGroup")]
[JsonDerivedType(typeof(RemovePhysicalVolume), "removePhysicalVolume")]
[JsonDerivedType(typeof(ResizePhysicalVolume), "resizePhysicalVolume")]
[JsonDerivedType(typeof(RemoveVolumeGroup), "removeVolumeGroup")]
[JsonDerivedType(typeof(RenameVolumeGroup), "renameVolumeGroup")]
[JsonDerivedType(typeof(ForgetMissingDisks), "forgetMissingDisks")]
[JsonDerivedType(typeof(RestoreMissingDisk), "restoreMissingDisk")]
[JsonDerivedType(typeof(ActivateVolumeGroup), "activateVolumeGroup")]
[JsonDerivedType(typeof(CreateLoopDevice), "createLoopDevice")]
[JsonDerivedType(typeof(GrowLoopDevice), "growLoopDevice")]
[JsonDerivedType(typeof(AttachLoopDevice), "attachLoopDevice")]
[JsonDerivedType(typeof(RemoveLoopDevice), "removeLoopDevice")]
[JsonDerivedType(typeof(WriteSchedulerFile), "writeSchedulerFile")]
public abstract record NodeCommand;

/// <summary>vgcreate on whole disks.</summary>
/// <param name="Devices">Paths as the inventory gives them.</param>
/// <param name="Wipe">Those of them whose signatures the person has seen and wants erased.</param>
public sealed record CreateVolumeGroup(string Name, ImmutableArray<string> Devices, ImmutableArray<string> Wipe) : NodeCommand;

/// <inheritdoc cref="CreateVolumeGroup"/>
public sealed record ExtendVolumeGroup(string Name, ImmutableArray<string> Devices, ImmutableArray<string> Wipe) : NodeCommand;

/// <summary>Moves what lies on a disk to the others of its group (pvmove), then takes the disk out (vgreduce, pvremove).</summary>
public sealed record RemovePhysicalVolume(string VolumeGroup, string Device) : NodeCommand;

/// <summary>pvresize, after the disk below has grown.</summary>
public sealed record ResizePhysicalVolume(string Device) : NodeCommand;

/// <summary>vgremove and pvremove of a group that has no logical volume.</summary>
public sealed record RemoveVolumeGroup(string Name) : NodeCommand;

/// <summary>Always refused: lvmd.yaml and every volume name the group.</summary>
public sealed record RenameVolumeGroup(string Name, string NewName) : NodeCommand;

/// <summary>vgreduce --removemissing: what lay on the lost disks is gone.</summary>
public sealed record ForgetMissingDisks(string VolumeGroup) : NodeCommand;

/// <summary>vgextend --restoremissing, after a disk that was lost has come back.</summary>
public sealed record RestoreMissingDisk(string VolumeGroup, string Device) : NodeCommand;

/// <summary>vgchange --activate y; lvchange for the volumes that can be whole where the group misses a disk.</summary>
public sealed record ActivateVolumeGroup(string Name) : NodeCommand;

/// <summary>A file under the agent's directory, with a loop device on it.</summary>
/// <param name="FileName">Without directory: "disk1.img".</param>
public sealed record CreateLoopDevice(string FileName, long SizeBytes) : NodeCommand;

/// <summary>A larger file and device; the physical volume on it grows too.</summary>
public sealed record GrowLoopDevice(string FilePath, long SizeBytes) : NodeCommand;

/// <summary>losetup for a file that the agent keeps, after its device was lost.</summary>
public sealed record AttachLoopDevice(string FilePath) : NodeCommand;

/// <summary>Detaches an unused loop device and deletes its file.</summary>
public sealed record RemoveLoopDevice(string FilePath) : NodeCommand;

/// <summary>kube-scheduler's policy or configuration file on a control-plane node.</summary>
/// <param name="Path">On the host: "/etc/kubernetes/scheduler-config.yaml".</param>
public sealed record WriteSchedulerFile(string Path, string Content) : NodeCommand;
