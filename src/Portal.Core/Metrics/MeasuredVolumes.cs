using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Portal.Core.TopoLvm;

namespace Portal.Core.Metrics;

/// <summary>Whose a measured logical volume is: TopoLVM names it by what it writes to status.volumeID of the LogicalVolume. Made once for each picture of
/// the cluster, whoever asks.</summary>
public sealed class MeasuredVolumes
{
    private static readonly ConditionalWeakTable<StorageState, MeasuredVolumes> Made = [];

    private readonly FrozenDictionary<(string Node, string Volume), Volume> _volumes;

    private MeasuredVolumes(StorageState storage)
    {
        var volumes = new Dictionary<(string, string), Volume>(storage.Volumes.Length);
        foreach (var volume in storage.Volumes)
            if (volume is { Node: { } node, LogicalVolume.Status.VolumeID: { Length: > 0 } id }) volumes[(node, id)] = volume;
        _volumes = volumes.ToFrozenDictionary();
    }

    public static MeasuredVolumes Of(StorageState storage) => Made.GetValue(storage, static one => new(one));

    /// <summary>null for what is no logical volume, or none of TopoLVM's.</summary>
    public Volume? Find(Measured of)
    {
        if (of.Kind != MeasuredKind.LogicalVolume) return null;
        var name = of.Name.AsSpan();
        return _volumes.GetValueOrDefault((of.Node, name[(name.IndexOf('/') + 1)..].ToString()));
    }

    /// <summary>Under which name the volume is measured; null while it lies nowhere, or its volume group is not known.</summary>
    /// <param name="volumeGroup">As the node's agent knows it; null takes what the device class says.</param>
    public static Measured? Of(Volume volume, string? volumeGroup) =>
        volume is { Node: { } node, LogicalVolume.Status.VolumeID: { Length: > 0 } id } && (volumeGroup ?? volume.Capacity?.VolumeGroup) is { } group
            ? Measured.LogicalVolume(node, group, id) : null;
}
