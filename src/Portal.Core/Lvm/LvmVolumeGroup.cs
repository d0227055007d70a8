namespace Portal.Core.Lvm;

/// <summary>A volume group as lvm reports it.</summary>
/// <param name="SizeBytes">All extents of its physical volumes.</param>
/// <param name="FreeBytes">Extents that no logical volume uses: what a new volume can really get.</param>
/// <param name="ExtentBytes">The unit of every allocation.</param>
/// <param name="MissingPhysicalVolumes">Physical volumes that belong to it and cannot be found.</param>
public sealed record LvmVolumeGroup(
    string Name, string Uuid, long SizeBytes, long FreeBytes, long ExtentBytes, int PhysicalVolumes, int LogicalVolumes, int MissingPhysicalVolumes);
