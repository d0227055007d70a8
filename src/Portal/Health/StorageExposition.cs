using System.Globalization;
using System.Text;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.Prometheus;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;

namespace Portal.Health;

/// <summary>All that is measured of the storage, for Prometheus: counters as the kernel counts them, room, fill, and which agents are there. What an agent
/// told last before it went away is left out, so that no old number looks like a new one.</summary>
public sealed class StorageExposition(Live<LiveRates> rates, Live<StorageState> storage, Live<AgentsSnapshot> agents, Live<KubeletUses> uses, TimeProvider time)
{
    private const string Prefix = "topolvm_portal_";
    private const string Busy = "busy_seconds_total";

    // Agents that nobody watches sample every ten seconds.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    // Kubelets are asked each minute; of thousands, each at least so often.
    private static readonly TimeSpan FreshOfKubelet = TimeSpan.FromMinutes(5);

    // The kernel's Documentation/admin-guide/iostats.rst.
    private static readonly (string Name, string Help, Func<DeviceCounters, double> Of)[] Io =
    [
        ("reads_total", "Reads that were completed.", counters => counters.Reads),
        ("read_bytes_total", "Bytes that were read.", counters => counters.ReadBytes),
        ("read_seconds_total", "Time that reads took, added up.", counters => counters.ReadMilliseconds / 1000.0),
        ("writes_total", "Writes that were completed.", counters => counters.Writes),
        ("written_bytes_total", "Bytes that were written.", counters => counters.WrittenBytes),
        ("write_seconds_total", "Time that writes took, added up.", counters => counters.WriteMilliseconds / 1000.0),
        (Busy, "Time with at least one request under way.", counters => counters.BusyMilliseconds / 1000.0),
        ("queue_seconds_total", "The same, times the requests under way.", counters => counters.QueueMilliseconds / 1000.0),
    ];

    private static readonly (string Name, string Help, Metric Metric, double Per)[] FileSystem =
    [
        ("volume_used_bytes", "What files take of a volume's file system.", Metric.UsedBytes, 1),
        ("volume_size_bytes", "What a volume's file system can hold.", Metric.SizeBytes, 1),
        ("volume_used_inodes", "Inodes in use of a volume's file system.", Metric.UsedInodes, 1),
        ("volume_inodes", "Inodes of a volume's file system.", Metric.Inodes, 1),
    ];

    /// <summary>Writes a family after the other, so that thousands of nodes do not stand in memory as text.</summary>
    public async Task WriteAsync(TextWriter to, CancellationToken cancel)
    {
        var picture = new Picture(rates.Current, MeasuredVolumes.Of(storage.Current), (time.GetUtcNow() - Fresh).ToUnixTimeMilliseconds());
        GaugeReading[] told = [.. ByKubelets()];
        foreach (var (name, help, of) in Io)
        {
            await FamilyAsync(to, "volume_io_" + name, "counter", help, picture.Io(MeasuredKind.LogicalVolume, of), cancel);
            await FamilyAsync(to, "disk_io_" + name, "counter", help, picture.Io(MeasuredKind.Disk, of), cancel);
            // The time in which any of several disks was busy is not that of all of them added up.
            if (name != Busy) await FamilyAsync(to, "node_io_" + name, "counter", help + " By all disks of a node.", picture.OfNodes(agents.Current, of), cancel);
        }
        foreach (var (name, help, metric, per) in FileSystem) await FamilyAsync(to, name, "gauge", help, picture.Gauges(MeasuredKind.LogicalVolume, metric, per, told), cancel);
        await FamilyAsync(to, "thin_pool_data_ratio", "gauge", "How full a thin pool's data is, 0 to 1.", picture.Gauges(MeasuredKind.ThinPool, Metric.DataPercent, 100), cancel);
        await FamilyAsync(to, "thin_pool_metadata_ratio", "gauge", "How full a thin pool's metadata is, 0 to 1.", picture.Gauges(MeasuredKind.ThinPool, Metric.MetadataPercent, 100), cancel);
        var room = Room().ToArray();
        await FamilyAsync(to, "volume_group_size_bytes", "gauge", "All extents of a volume group.", Of(room, MeasuredKind.VolumeGroup, Metric.SizeBytes), cancel);
        await FamilyAsync(to, "volume_group_free_bytes", "gauge", "Extents of a volume group that nothing uses.", Of(room, MeasuredKind.VolumeGroup, Metric.FreeBytes), cancel);
        await FamilyAsync(to, "device_class_available_bytes", "gauge", "What TopoLVM publishes of a device class to schedulers.", Of(room, MeasuredKind.DeviceClass, Metric.AvailableBytes), cancel);
        await FamilyAsync(to, "agent_connected", "gauge", "1 while the agent of a node is connected.",
            agents.Current.Nodes.Values.Select(agent => (Label("node", agent.Node), agent.IsConnected ? 1.0 : 0)), cancel);
    }

    private static async Task FamilyAsync(TextWriter to, string name, string type, string help, IEnumerable<(string Labels, double Value)> series, CancellationToken cancel)
    {
        var text = new StringBuilder();
        foreach (var (labels, value) in series)
        {
            if (text.Length == 0) text.Append(CultureInfo.InvariantCulture, $"# HELP {Prefix}{name} {help}\n# TYPE {Prefix}{name} {type}\n");
            text.Append(CultureInfo.InvariantCulture, $"{Prefix}{name}{{{labels}}} {value:R}\n");
        }
        await to.WriteAsync(text, cancel);
    }

    private IEnumerable<GaugeReading> Room() =>
        storage.Current.Nodes.SelectMany(node => CapacityReading.Of(node, agents.Current.Find(node.Name), time.GetUtcNow())).SelectMany(reading => reading.Gauges);

    /// <summary>How full file systems are where no agent tells.</summary>
    private IEnumerable<GaugeReading> ByKubelets()
    {
        var now = time.GetUtcNow();
        var since = (now - Fresh).ToUnixTimeMilliseconds();
        return storage.Current.Nodes.Where(node => rates.Current.Find(node.Name) is not { } latest || latest.At < since)
            .Select(node => uses.Current.Nodes.GetValueOrDefault(node.Name) is { } answer && answer.At > now - FreshOfKubelet ? KubeletReading.Of(node, answer) : null)
            .OfType<NodeReading>().SelectMany(reading => reading.Gauges);
    }

    private static IEnumerable<(string Labels, double Value)> Of(GaugeReading[] room, MeasuredKind kind, Metric metric) =>
        room.Where(gauge => gauge.Key.Of.Kind == kind && gauge.Key.Metric == metric).Select(gauge => (Label("node", gauge.Key.Of.Node) + "," + LabelOf(gauge.Key.Of), gauge.Value));

    private static string LabelOf(Measured of) => of.Kind switch
    {
        MeasuredKind.Disk => Label("device", of.Name),
        MeasuredKind.VolumeGroup => Label("volume_group", of.Name),
        MeasuredKind.DeviceClass => Label("device_class", of.Name),
        _ => Label("volume_group", of.Name.Split('/')[0]) + "," + Label(of.Kind == MeasuredKind.ThinPool ? "thin_pool" : "logical_volume", of.Name.Split('/')[^1]),
    };

    private static string Label(string name, string value) => name + "=" + PrometheusText.Quote(value);

    private sealed class Picture(LiveRates rates, MeasuredVolumes volumes, long since)
    {
        private readonly Dictionary<Measured, string> _labels = [];

        public IEnumerable<(string Labels, double Value)> Io(MeasuredKind kind, Func<DeviceCounters, double> of) =>
            from node in Now() from counter in node.Counters where counter.Of.Kind == kind select (LabelsOf(counter.Of), of(counter.Counters));

        /// <summary>Each piece of work once, whichever devices it passes through.</summary>
        public IEnumerable<(string Labels, double Value)> OfNodes(AgentsSnapshot agents, Func<DeviceCounters, double> of)
        {
            foreach (var node in Now())
            {
                if (agents.Find(node.Node)?.Inventory is not { } inventory) continue;
                var disks = MeasuredDisks.Of(inventory).ToHashSet();
                var own = node.Counters.Where(counter => counter.Of.Kind == MeasuredKind.Disk && disks.Contains(counter.Of.Name)).ToArray();
                if (own.Length > 0) yield return (Label("node", node.Node), own.Sum(counter => of(counter.Counters)));
            }
        }

        public IEnumerable<(string Labels, double Value)> Gauges(MeasuredKind kind, Metric metric, double per, GaugeReading[]? told = null) =>
            from gauge in Now().SelectMany(node => node.Gauges).Concat(told ?? []) where gauge.Key.Of.Kind == kind && gauge.Key.Metric == metric select (LabelsOf(gauge.Key.Of), gauge.Value / per);

        private IEnumerable<NodeRates> Now() => rates.Nodes.Values.Where(node => node.At >= since);

        private string LabelsOf(Measured of)
        {
            if (_labels.TryGetValue(of, out var known)) return known;
            var labels = Label("node", of.Node) + "," + LabelOf(of);
            if (volumes.Find(of) is { Claim: { } claim } volume)
            {
                labels += $",{Label("device_class", volume.DeviceClass)},{Label("namespace", claim.Metadata.Namespace ?? "")},{Label("persistentvolumeclaim", claim.Metadata.Name)},{Label("pod", string.Join(',', volume.Pods.Select(pod => pod.Metadata.Name)))}";
            }
            return _labels[of] = labels;
        }
    }
}
