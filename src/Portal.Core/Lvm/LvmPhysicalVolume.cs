using System.Collections.Immutable;

namespace Portal.Core.Lvm;

/// <summary>A physical volume as lvm reports it.</summary>
/// <param name="Device">Its path; "[unknown]" when it is missing.</param>
/// <param name="VolumeGroup">"" while it belongs to none.</param>
/// <param name="SizeBytes">What the volume group gets of it, without LVM's own metadata.</param>
/// <param name="DeviceBytes">The device itself, which may have grown since pvcreate; 0 when it is missing.</param>
public sealed record LvmPhysicalVolume(string Device, string Uuid, string VolumeGroup, long SizeBytes, long FreeBytes, long DeviceBytes)
{
    public bool IsMissing { get; init; }

    /// <summary>Nothing new is allocated from it: <c>pvchange --allocatable n</c>.</summary>
    public bool IsAllocatable { get; init; } = true;

    /// <summary>Volumes of the group that have extents here, in the order in which they lie; free pieces have no volume.</summary>
    public ImmutableArray<LvmSegment> Segments { get; init; } = [];

    /// <summary>What its group would get by pvresize; 0 when the disk below has not grown.</summary>
    public long GrowthBytes(LvmVolumeGroup? group)
    {
        // lvm keeps the first MiB for itself unless it was told otherwise.
        const long Metadata = 1L << 20;
        var extent = group?.ExtentBytes is > 0 and var bytes ? bytes : 4L << 20;
        return Math.Max(0, (DeviceBytes - Metadata) / extent * extent - SizeBytes);
    }
}

/// <summary>A run of extents on a physical volume.</summary>
/// <param name="StartExtent">Counted from 0.</param>
/// <param name="LogicalVolume">null where the extents are free; in brackets when it is a hidden part of another one: "[pool_tmeta]".</param>
public sealed record LvmSegment(long StartExtent, long Extents, string? LogicalVolume);
