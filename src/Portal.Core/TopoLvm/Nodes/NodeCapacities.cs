using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Nodes;

/// <summary>What each node has in its device classes: published, read from metrics, configured, and promised.</summary>
internal sealed class NodeCapacities
{
    // From this version on the reserve is subtracted from what is published.
    private static readonly Version FirstWithSpare = new(0, 16);

    private readonly TopoLvmNames? _names;
    private readonly NodeMetrics _metrics;
    private readonly VolumeSizes _sizes;
    private readonly bool _subtractsSpare;
    private readonly Dictionary<string, string> _fileSystems;
    private readonly ILookup<string, (string Class, long Bytes)> _objects;
    private readonly ILookup<string, LogicalVolume> _coming;

    public NodeCapacities(ClusterSnapshot cluster, Installation? installation, NodeMetrics metrics, ImmutableArray<LogicalVolume> logicalVolumes)
    {
        (_names, _metrics, _sizes) = (installation?.Names, metrics, VolumeSizes.Of(installation?.Version));
        _subtractsSpare = !Version.TryParse((installation?.Version ?? "").Split('-', '+')[0], out var version) || version >= FirstWithSpare;
        var classes = _names is null ? [] : cluster.StorageClasses.Items.Values.Where(found => found.Provisioner == _names.Provisioner).OrderBy(found => found.Metadata.Name, StringComparer.Ordinal).ToArray();
        _fileSystems = classes.GroupBy(ClassOf).ToDictionary(found => found.Key, found => FileSystemOf(found.First()));
        var deviceClasses = classes.ToDictionary(found => found.Metadata.Name, ClassOf);
        _objects = cluster.StorageCapacities.Items.Values
            .Where(found => _names is not null && deviceClasses.ContainsKey(found.StorageClassName) && found.NodeTopology?.MatchLabels.ContainsKey(_names.TopologyLabel) == true)
            .Where(found => Quantity.TryParse(found.Capacity, out _))
            .ToLookup(found => found.NodeTopology!.MatchLabels[_names!.TopologyLabel], found => (deviceClasses[found.StorageClassName], Quantity.Parse(found.Capacity!).Value));
        _coming = logicalVolumes.Where(volume => MissingBytes(volume) > 0).ToLookup(volume => volume.Spec.NodeName);
    }

    /// <param name="node">With everything but its capacities.</param>
    public ImmutableArray<Capacity> Of(StorageNode node)
    {
        if (_names is null) return [];
        var published = Published(node);
        var alias = published.GetValueOrDefault(TopoLvmNames.DefaultClass);
        var names = published.Keys.Where(name => name != TopoLvmNames.DefaultClass).ToArray();
        var byDefault = node.Configuration?.Config.Default?.Name ?? (names is [var only] && alias is not null ? only : null);
        var promised = PromisedOn(node, byDefault);
        return
        [
            .. published.Values.OrderBy(capacity => capacity.IsDefaultAlias).ThenBy(capacity => capacity.DeviceClass, StringComparer.Ordinal)
                .Select(capacity => WithDetails(capacity with { IsDefault = capacity.DeviceClass == byDefault }, node, promised)),
        ];
    }

    private Dictionary<string, Capacity> Published(StorageNode node)
    {
        var found = new Dictionary<string, Capacity>();
        foreach (var (key, value) in node.Node.Metadata.Annotations)
        {
            if (!key.StartsWith(_names!.CapacityAnnotationPrefix, StringComparison.Ordinal) || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) continue;
            var name = key[_names.CapacityAnnotationPrefix.Length..];
            found[name] = new(name, bytes);
        }
        foreach (var (name, bytes) in _objects[node.Name])
            found.TryAdd(name, new(name, bytes) { Source = CapacitySource.StorageCapacity });
        foreach (var (name, reading) in ReadingOf(node)?.Classes ?? [])
            if (reading.AvailableBytes is { } bytes) found.TryAdd(name, new(name, bytes) { Source = CapacitySource.Metrics });
        return found;
    }

    private Capacity WithDetails(Capacity capacity, StorageNode node, Dictionary<string, long> promised)
    {
        var config = capacity.IsDefaultAlias ? node.Configuration?.Config.Default : node.Configuration?.Config.Find(capacity.DeviceClass);
        var reading = ReadingOf(node);
        var read = reading?.Classes.GetValueOrDefault(capacity.IsDefaultAlias ? config?.Name ?? "" : capacity.DeviceClass);
        var isThin = config?.IsThin ?? read?.PoolBytes is not null;
        var promisedBytes = promised.GetValueOrDefault(capacity.DeviceClass);
        var isCurrent = node.IsReady && node.IsServing;
        return capacity with
        {
            IsCurrent = isCurrent && capacity.Source != CapacitySource.Metrics,
            AsOf = isCurrent && capacity.Source != CapacitySource.Metrics ? null : Latest(capacity.Source, node, reading),
            SizeBytes = isThin ? read?.PoolBytes : read?.VolumeGroupBytes,
            SizeReadAt = reading?.ReadAt,
            SpareBytes = config?.SpareBytes,
            SubtractsSpare = _subtractsSpare,
            IsThin = isThin,
            VolumeGroup = config?.VolumeGroup is { Length: > 0 } group ? group : null,
            DataPercent = read?.DataPercent,
            MetadataPercent = read?.MetadataPercent,
            PromisedBytes = promisedBytes,
            LargestClaimBytes = node.IsServing ? _sizes.Largest(capacity.AvailableBytes - promisedBytes, FileSystemFor(capacity)) : 0,
        };
    }

    // A node that is gone kept its number until then.
    private static DateTimeOffset? Latest(CapacitySource source, StorageNode node, NodeReading? reading)
    {
        if (source == CapacitySource.Metrics) return reading?.ReadAt;
        var until = node.OfflineSince ?? (node.Plugin.State == NodePartState.Ready ? null : node.Plugin.Since);
        return reading?.ReadAt is { } read && (until is null || read > until) ? read : until;
    }

    /// <summary>What is promised on a node, by device class: claims that chose it, and volumes that do not have their size yet.</summary>
    private Dictionary<string, long> PromisedOn(StorageNode node, string? byDefault)
    {
        var promised = new Dictionary<string, long>();
        foreach (var volume in node.OnTheWay)
        {
            if (volume.StorageClass is not { } found || volume.Claim is not { } claim) continue;
            Add(ClassOf(found), _sizes.Made(BytesOf(claim.Spec.Resources.Requests.GetValueOrDefault("storage", "")), claim.Spec.VolumeMode == "Block" ? null : FileSystemOf(found)));
        }
        foreach (var volume in _coming[node.Name])
            Add(volume.Spec.DeviceClass.Length == 0 ? TopoLvmNames.DefaultClass : volume.Spec.DeviceClass, MissingBytes(volume));
        return promised;

        void Add(string deviceClass, long bytes)
        {
            promised[deviceClass] = promised.GetValueOrDefault(deviceClass) + bytes;
            if (byDefault is null) return;
            if (deviceClass == TopoLvmNames.DefaultClass) promised[byDefault] = promised.GetValueOrDefault(byDefault) + bytes;
            else if (deviceClass == byDefault) promised[TopoLvmNames.DefaultClass] = promised.GetValueOrDefault(TopoLvmNames.DefaultClass) + bytes;
        }
    }

    // Where topolvm-node has gone, what it told is history.
    private NodeReading? ReadingOf(StorageNode node) => node.Plugin.State == NodePartState.Absent ? null : _metrics.Nodes.GetValueOrDefault(node.Name);

    // Of several StorageClasses of one device class the first in the alphabet; where there is none, a raw block volume.
    private string? FileSystemFor(Capacity capacity) => _fileSystems.GetValueOrDefault(capacity.DeviceClass)
        ?? (capacity.IsDefault ? _fileSystems.GetValueOrDefault(TopoLvmNames.DefaultClass) : null);

    private string ClassOf(StorageClass found) => found.Parameters.GetValueOrDefault(_names!.DeviceClassParameter) is { Length: > 0 } name ? name : TopoLvmNames.DefaultClass;

    private static string FileSystemOf(StorageClass found) => found.Parameters.GetValueOrDefault("csi.storage.k8s.io/fstype", "");

    // A volume that is there and tells no size has what was asked.
    private static long MissingBytes(LogicalVolume volume) =>
        volume.Status is { VolumeID.Length: > 0, CurrentSize.Length: 0 } ? 0 : BytesOf(volume.Spec.Size) - BytesOf(volume.Status.CurrentSize);

    private static long BytesOf(string quantity) => Quantity.TryParse(quantity, out var parsed) ? parsed.Value : 0;
}
