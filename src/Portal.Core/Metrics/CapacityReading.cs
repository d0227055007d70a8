using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.TopoLvm;

namespace Portal.Core.Metrics;

/// <summary>What the agents' inventories and the cluster tell of a node's room, as readings: numbers that nobody keeps current are left out.</summary>
public static class CapacityReading
{
    /// <summary>One of the agent, one of the cluster; none of who knows nothing now.</summary>
    /// <param name="agent">The node's agent; null where none has connected.</param>
    public static ImmutableArray<NodeReading> Of(StorageNode node, NodeAgent? agent, DateTimeOffset now)
    {
        var inventory = agent is { IsConnected: true } ? agent.Inventory : null;
        var ofAgent = inventory?.VolumeGroups.SelectMany(group => OfGroup(Measured.VolumeGroup(node.Name, group.Name), group.SizeBytes, group.FreeBytes)) ?? [];
        var ofCluster = node.Classes.Where(capacity => capacity.IsCurrent).SelectMany(capacity => OfClass(node.Name, capacity).Concat(inventory is null ? InPlaceOfAgent(node, capacity) : []));
        return [.. Reading(node.Name, MetricOrigin.Agent, ofAgent, now), .. Reading(node.Name, MetricOrigin.Cluster, ofCluster, now)];
    }

    /// <summary>The same of a node whose agent and whose topolvm-node tell at a moment.</summary>
    public static ImmutableArray<NodeReading> Of(string node, NodeInventory inventory, IEnumerable<Capacity> classes, DateTimeOffset at) =>
    [
        .. Reading(node, MetricOrigin.Agent, inventory.VolumeGroups.SelectMany(group => OfGroup(Measured.VolumeGroup(node, group.Name), group.SizeBytes, group.FreeBytes)), at),
        .. Reading(node, MetricOrigin.Cluster, classes.SelectMany(capacity => OfClass(node, capacity)), at),
    ];

    private static IEnumerable<NodeReading> Reading(string node, MetricOrigin origin, IEnumerable<GaugeReading> found, DateTimeOffset at)
    {
        // Two classes may share a group.
        ImmutableArray<GaugeReading> gauges = [.. found.DistinctBy(gauge => gauge.Key)];
        return gauges.IsEmpty ? [] : [new(node, at.ToUnixTimeMilliseconds(), "", origin) { Gauges = gauges }];
    }

    private static IEnumerable<GaugeReading> OfClass(string node, Capacity capacity)
    {
        var deviceClass = Measured.DeviceClass(node, capacity.DeviceClass);
        yield return new(new(deviceClass, Metric.AvailableBytes), capacity.AvailableBytes);
        if (capacity.SizeBytes is { } size) yield return new(new(deviceClass, Metric.SizeBytes), size);
        foreach (var fill in Fill(deviceClass, capacity)) yield return fill;
    }

    /// <summary>Without an agent topolvm-node's numbers stand for its volume group and its thin pool.</summary>
    private static IEnumerable<GaugeReading> InPlaceOfAgent(StorageNode node, Capacity capacity)
    {
        if (capacity.VolumeGroup is not { } group) return [];
        if (capacity.IsThin)
            return node.Configuration?.Config.Find(capacity.DeviceClass)?.ThinPool is { Name.Length: > 0 } pool ? Fill(Measured.ThinPool(node.Name, group, pool.Name), capacity) : [];
        // A class that is full tells nothing of what is held back.
        return capacity is { SizeBytes: { } bytes, AvailableBytes: > 0 } ? OfGroup(Measured.VolumeGroup(node.Name, group), bytes, capacity.AvailableBytes + capacity.HeldBackBytes) : [];
    }

    private static IEnumerable<GaugeReading> Fill(Measured of, Capacity capacity)
    {
        if (capacity.DataPercent is { } data) yield return new(new(of, Metric.DataPercent), data);
        if (capacity.MetadataPercent is { } metadata) yield return new(new(of, Metric.MetadataPercent), metadata);
    }

    private static IEnumerable<GaugeReading> OfGroup(Measured group, long size, long free)
    {
        yield return new(new(group, Metric.SizeBytes), size);
        yield return new(new(group, Metric.FreeBytes), free);
    }
}
