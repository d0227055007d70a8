using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Tests.Testing;
using NodeMetrics = Portal.Core.TopoLvm.Nodes.NodeMetrics;

namespace Portal.Tests.Agent.Recorded;

/// <summary>What came of a recorded layout's moments on their way to a page: readings, rates, and the ways of its volumes.</summary>
internal sealed class RecordedLayout
{
    public const string Node = "edge-1";

    private const string Uid = "3f0c9a52-7a5e-4c7e-9a5d-0c1b2d3e4f0";

    private readonly LiveMetrics _live = new();

    private RecordedLayout(RecordedMoment[] moments)
    {
        Moments = moments;
        Storage = StorageState.From(ClusterYaml.Read(RecordedNode.ClusterFile), NodeLabel.Default, NodeMetrics.Empty);
        Readings = [.. moments.Select(moment => NodeReading.From(Node, moment.Sample))];
        _live.Accept(Node, Readings);
        _live.Publish();
        Rates = _live.Now.Current.Find(Node)!;
        Paths = VolumePaths.Of(Node, Last.Inventory, Storage.Volumes);
    }

    public RecordedMoment[] Moments { get; }

    public StorageState Storage { get; }

    public NodeReading[] Readings { get; }

    public NodeRates Rates { get; }

    public VolumePaths Paths { get; }

    public RecordedMoment Last => Moments[^1];

    public static async Task<RecordedLayout> OfAsync(string layout, CancellationToken cancel)
    {
        using var node = new RecordedNode(layout);
        var moments = new List<RecordedMoment>();
        foreach (var moment in node.Moments) moments.Add(await node.AtAsync(moment, cancel));
        return new([.. moments]);
    }

    /// <summary>The claim that stands for a measured thing; the name itself where it has none.</summary>
    public static string Short(Measured of) => Short(of.Name);

    public static string Short(string name) => name.Replace("myvg1/", "", StringComparison.Ordinal)
        .Replace(Uid + "1", "first", StringComparison.Ordinal).Replace(Uid + "2", "second", StringComparison.Ordinal).Replace(Uid + "3", "third", StringComparison.Ordinal);

    public static Measured First => Measured.LogicalVolume(Node, "myvg1", Uid + "1");

    public static Measured Second => Measured.LogicalVolume(Node, "myvg1", Uid + "2");

    /// <summary>What the whole disks of the last moment did since the one before, as the kernel's counters say.</summary>
    public (long Read, long Written) OfDisks()
    {
        var (before, after) = (Moments[^2].Sample.Devices, Last.Sample.Devices);
        var disks = after.Where(device => device.Name is "vda" or "vdb" or "vdc" or "vdd")
            .Select(device => (After: device, Before: before.Single(one => one.Name == device.Name))).ToList();
        return (disks.Sum(disk => disk.After.ReadBytes - disk.Before.ReadBytes), disks.Sum(disk => disk.After.WrittenBytes - disk.Before.WrittenBytes));
    }
}
