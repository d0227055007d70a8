using System.Globalization;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Core.Alerts;

/// <summary>How what is measured, what is joined and what is shown name the same thing.</summary>
public static class AlertObjects
{
    /// <summary>The logical volume that a volume's numbers are measured on; null until its node and volume group are known.</summary>
    public static Measured? MeasuredAs(Volume volume) => MeasuredVolumes.Of(volume);

    /// <summary>The volume groups and thin pools that a node's device classes are made of.</summary>
    public static IEnumerable<Measured> PoolsAndGroups(StorageNode node) => node.Classes.Where(capacity => capacity.VolumeGroup is not null)
        .Select(capacity => !capacity.IsThin ? Measured.VolumeGroup(node.Name, capacity.VolumeGroup!)
            : node.Configuration?.Config.Find(capacity.DeviceClass)?.ThinPool is { } pool ? Measured.ThinPool(node.Name, capacity.VolumeGroup!, pool.Name) : (Measured?)null)
        .OfType<Measured>().Distinct();

    internal static MendingPlace OnNode(string node) => new(MendingPage.Node, new(null, node));

    internal static MendingPlace OnVolume(Volume volume) => new(MendingPage.Volume, volume.Name);

    internal static string Percent(double percent) => Math.Round(percent).ToString(CultureInfo.InvariantCulture);
}
