using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.TopoLvm;

namespace Portal.Core.Metrics;

/// <summary>What the cluster and the agents' inventories tell of a node's room, as a reading: numbers that nobody keeps current are left out.</summary>
public static class CapacityReading
{
    /// <summary>null when nothing is known now.</summary>
    /// <param name="agent">The node's agent; null where none has connected.</param>
    public static NodeReading? Of(StorageNode node, NodeAgent? agent, DateTimeOffset now)
    {
        var gauges = ImmutableArray.CreateBuilder<GaugeReading>();
        var inventory = agent is { IsConnected: true } ? agent.Inventory : null;
        foreach (var group in inventory?.VolumeGroups ?? []) Add(Measured.VolumeGroup(node.Name, group.Name), group.SizeBytes, group.FreeBytes);
        foreach (var capacity in node.Classes.Where(capacity => capacity.IsCurrent))
        {
            var deviceClass = Measured.DeviceClass(node.Name, capacity.DeviceClass);
            gauges.Add(new(new(deviceClass, Metric.AvailableBytes), capacity.AvailableBytes));
            if (capacity.SizeBytes is { } size) gauges.Add(new(new(deviceClass, Metric.SizeBytes), size));
            if (capacity.DataPercent is { } data) gauges.Add(new(new(deviceClass, Metric.DataPercent), data));
            if (capacity.MetadataPercent is { } metadata) gauges.Add(new(new(deviceClass, Metric.MetadataPercent), metadata));
            // Without an agent topolvm-node's numbers stand for its volume group; a class that is full tells nothing of what is held back.
            if (inventory is null && capacity is { IsThin: false, VolumeGroup: { } name, SizeBytes: { } bytes, AvailableBytes: > 0 })
                Add(Measured.VolumeGroup(node.Name, name), bytes, capacity.AvailableBytes + capacity.HeldBackBytes);
        }
        if (gauges.Count == 0) return null;
        // Two classes may share a group.
        return new(node.Name, now.ToUnixTimeMilliseconds(), "", MetricOrigin.Cluster) { Gauges = [.. gauges.DistinctBy(gauge => gauge.Key)] };

        void Add(Measured group, long size, long free)
        {
            gauges.Add(new(new(group, Metric.SizeBytes), size));
            gauges.Add(new(new(group, Metric.FreeBytes), free));
        }
    }
}
