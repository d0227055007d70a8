namespace Portal.Core.Metrics;

/// <summary>The kinds of things that are measured. The numbers stand in the database.</summary>
public enum MeasuredKind : byte
{
    /// <summary>All nodes together; its node is "".</summary>
    Cluster = 1,

    /// <summary>The disks of a node together.</summary>
    Node = 2,

    /// <summary>A whole disk, a partition or a loop device: "vdb".</summary>
    Disk = 3,

    VolumeGroup = 4,

    /// <summary>"myvg1/pool0".</summary>
    ThinPool = 5,

    /// <summary>"myvg1/4f3c…": TopoLVM names the logical volume of a claim by the uid of its LogicalVolume.</summary>
    LogicalVolume = 6,

    /// <summary>A device class, as topolvm-node publishes it.</summary>
    DeviceClass = 7,
}

/// <summary>A thing that is measured. Its name stays the same when the node starts anew, which device numbers do not.</summary>
/// <param name="Node">The Kubernetes node that it is on.</param>
public readonly record struct Measured(string Node, MeasuredKind Kind, string Name)
{
    public static readonly Measured Cluster = new("", MeasuredKind.Cluster, "");

    public static Measured ANode(string node) => new(node, MeasuredKind.Node, "");

    public static Measured Disk(string node, string name) => new(node, MeasuredKind.Disk, name);

    public static Measured VolumeGroup(string node, string name) => new(node, MeasuredKind.VolumeGroup, name);

    public static Measured ThinPool(string node, string volumeGroup, string name) => new(node, MeasuredKind.ThinPool, $"{volumeGroup}/{name}");

    public static Measured LogicalVolume(string node, string volumeGroup, string name) => new(node, MeasuredKind.LogicalVolume, $"{volumeGroup}/{name}");

    public static Measured DeviceClass(string node, string name) => new(node, MeasuredKind.DeviceClass, name);
}

/// <summary>One line of a chart: a metric of a thing.</summary>
public readonly record struct SeriesKey(Measured Of, Metric Metric);
