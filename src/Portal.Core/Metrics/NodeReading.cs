using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Lvm;

namespace Portal.Core.Metrics;

/// <summary>The counters of a device.</summary>
/// <param name="Of">Disk, logical volume or thin pool; its node is the reading's.</param>
public readonly record struct CounterReading(Measured Of, DeviceCounters Counters);

/// <summary>A value of one moment.</summary>
public readonly record struct GaugeReading(SeriesKey Key, double Value);

/// <summary>What was measured of a node in one moment, by things whose names stay when the node starts anew.</summary>
/// <param name="At">Milliseconds since 1970, UTC.</param>
/// <param name="BootId">Counters of different boots do not continue each other.</param>
public sealed record NodeReading(string Node, long At, string BootId, MetricOrigin Origin)
{
    public ImmutableArray<CounterReading> Counters { get; init; } = [];

    public ImmutableArray<GaugeReading> Gauges { get; init; } = [];

    /// <summary>What an agent's sample says. Parts that LVM keeps below a volume (the halves of a mirror, a pool's metadata) are left out: their IO is that
    /// of the volume once more. A thin pool's own IO is what its volumes let through to the disks.</summary>
    public static NodeReading From(string node, NodeSample sample)
    {
        var counters = ImmutableArray.CreateBuilder<CounterReading>(sample.Devices.Length);
        var volumes = new Dictionary<string, Measured>();
        var pools = PoolsOf(sample);
        foreach (var device in sample.Devices)
        {
            // LVM may show a pool as a volume of that name too; its IO is counted at the device below.
            if (MeasuredOf(node, device) is not { } of || (of.Kind == MeasuredKind.LogicalVolume && pools?.Contains(of.Name) == true)) continue;
            if (of.Kind == MeasuredKind.LogicalVolume) volumes[device.Number] = of;
            counters.Add(new(of, device));
        }
        var gauges = ImmutableArray.CreateBuilder<GaugeReading>();
        foreach (var use in sample.FileSystems)
        {
            if (!volumes.TryGetValue(use.Number, out var volume)) continue;
            gauges.Add(new(new(volume, Metric.UsedBytes), use.UsedBytes));
            gauges.Add(new(new(volume, Metric.SizeBytes), use.SizeBytes));
            gauges.Add(new(new(volume, Metric.UsedInodes), use.UsedInodes));
            gauges.Add(new(new(volume, Metric.Inodes), use.Inodes));
        }
        foreach (var pool in sample.ThinPools)
        {
            var of = Measured.ThinPool(node, pool.VolumeGroup, pool.Pool);
            gauges.Add(new(new(of, Metric.DataPercent), pool.DataPercent));
            gauges.Add(new(new(of, Metric.MetadataPercent), pool.MetadataPercent));
        }
        return new(node, sample.TakenAt.ToUnixTimeMilliseconds(), sample.BootId, MetricOrigin.Agent) { Counters = counters.ToImmutable(), Gauges = gauges.ToImmutable() };
    }

    private static HashSet<string>? PoolsOf(NodeSample sample)
    {
        HashSet<string>? pools = null;
        foreach (var device in sample.Devices)
        {
            if (device is not { IsLvm: true, MappedName: { } mapped } || !mapped.EndsWith("-tpool", StringComparison.Ordinal)) continue;
            if (MappedName.Parse(mapped) is { } name) (pools ??= []).Add($"{name.VolumeGroup}/{name.LogicalVolume}");
        }
        return pools;
    }

    private static Measured? MeasuredOf(string node, DeviceCounters device)
    {
        if (device.IsLvm)
        {
            if (device.MappedName is not { } mapped || MappedName.Parse(mapped) is not { } name) return null;
            if (name.Layer == "tpool") return Measured.ThinPool(node, name.VolumeGroup, name.LogicalVolume);
            return name.IsHidden ? null : Measured.LogicalVolume(node, name.VolumeGroup, name.LogicalVolume);
        }
        // The kernel keeps empty loop devices and memory disks ready.
        var isIdle = device.Reads == 0 && device.Writes == 0;
        if (device.Name.StartsWith("ram", StringComparison.Ordinal) || (isIdle && device.Name.StartsWith("loop", StringComparison.Ordinal))) return null;
        return Measured.Disk(node, device.MappedName ?? device.Name);
    }
}
