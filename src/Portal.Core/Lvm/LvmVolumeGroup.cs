namespace Portal.Core.Lvm;

/// <summary>A volume group as lvm reports it.</summary>
/// <param name="SizeBytes">All extents of its physical volumes.</param>
/// <param name="FreeBytes">Extents that no logical volume uses: what a new volume can really get.</param>
/// <param name="ExtentBytes">The unit of every allocation.</param>
/// <param name="MissingPhysicalVolumes">Physical volumes that belong to it and cannot be found.</param>
public sealed record LvmVolumeGroup(
    string Name, string Uuid, long SizeBytes, long FreeBytes, long ExtentBytes, int PhysicalVolumes, int LogicalVolumes, int MissingPhysicalVolumes)
{
    /// <summary>lvm's vg_attr: "wz--n-", as <c>vgs(8)</c> explains it; "" where it was not read.</summary>
    public string Attributes { get; init; } = "";

    /// <summary>Exported to be moved to another machine: nothing but vgimport works on it.</summary>
    public bool IsExported => Attributes.Length > 2 && Attributes[2] == 'x';

    /// <summary>Locked by other machines too: only they and this one together may change it.</summary>
    public bool IsShared => Attributes.Length > 5 && Attributes[5] is ('s' or 'c');
}
