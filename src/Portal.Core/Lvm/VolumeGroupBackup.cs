namespace Portal.Core.Lvm;

/// <summary>LVM's own description of a volume group, from which <c>vgcfgrestore(8)</c> brings it back when its disks have lost theirs.</summary>
/// <param name="Text">As <c>vgcfgbackup(8)</c> writes it.</param>
public sealed record VolumeGroupBackup(string VolumeGroup, string Text);
