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
            if (volume.Node is { } node && NameInLvm(volume) is { } name) volumes[(node, name)] = volume;
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

    /// <summary>What lvm calls a volume; null until TopoLVM has made it.</summary>
    public static string? NameInLvm(Volume volume) => volume.LogicalVolume?.Status.VolumeID is { Length: > 0 } name ? name : null;

    /// <summary>Under which name the volume is measured; null while it lies nowhere, or its volume group is not known.</summary>
    /// <remarks>The volume group is that of the device class. Where the node's agent is at hand, <see cref="VolumePaths.MeasuredAs"/> knows better.</remarks>
    public static Measured? Of(Volume volume) => volume is { Node: { } node, Capacity.VolumeGroup: { } group } && NameInLvm(volume) is { } name
        ? Measured.LogicalVolume(node, group, name) : null;
}
