using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.TopoLvm;

namespace Portal.Core.Metrics;

// The one place where a node's devices meet what Kubernetes says: TopoLVM names a logical volume by what it writes to status.volumeID of the
// LogicalVolume, device-mapper makes its own name of that, and the kernel numbers the device as it comes.

/// <summary>The ways of all logical volumes of a node, as its agent and the cluster tell them in one moment.</summary>
public sealed class VolumePaths
{
    private readonly Dictionary<Measured, VolumePath> _byMeasured;
    private readonly Dictionary<string, VolumePath> _byVolume;

    private VolumePaths(string node, NodeInventory inventory, IEnumerable<Volume> volumes)
    {
        var served = new Dictionary<string, Volume>();
        foreach (var volume in volumes)
            if (volume.Node == node && MeasuredVolumes.NameInLvm(volume) is { } name) served[name] = volume;
        All = [.. inventory.LogicalVolumes.Select(volume => new VolumePath(node, volume, served.GetValueOrDefault(volume.Name), inventory))];
        _byMeasured = All.DistinctBy(path => path.Measured).ToDictionary(path => path.Measured);
        _byVolume = All.Where(path => path.Volume is not null).DistinctBy(path => path.LogicalVolume.Name).ToDictionary(path => path.LogicalVolume.Name);
    }

    /// <summary>In lvm's order.</summary>
    public ImmutableArray<VolumePath> All { get; }

    /// <param name="volumes">Those of other nodes are passed over.</param>
    public static VolumePaths Of(string node, NodeInventory inventory, IEnumerable<Volume> volumes) => new(node, inventory, volumes);

    /// <summary>null for what is no logical volume or thin pool of this node.</summary>
    public VolumePath? Find(Measured of) => _byMeasured.GetValueOrDefault(of);

    /// <summary>null while its node's lvm does not know it.</summary>
    public VolumePath? Find(Volume volume) => MeasuredVolumes.NameInLvm(volume) is { } name ? _byVolume.GetValueOrDefault(name) : null;

    /// <summary>Under which name the volume is measured: as its node's lvm knows it, else as its device class tells; null while neither does.</summary>
    public Measured? MeasuredAs(Volume volume) => Find(volume)?.Measured ?? MeasuredVolumes.Of(volume);
}
