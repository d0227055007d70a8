using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>What the rules know of the cluster beside the file.</summary>
public sealed record LvmdRuleFacts
{
    /// <summary>Of the installed lvmd; null when its image does not say.</summary>
    public Version? Version { get; init; }

    /// <summary>What the cluster has now; null for a file that is new.</summary>
    public LvmdConfig? Before { get; init; }

    /// <summary>The nodes that take the file.</summary>
    public ImmutableArray<NodeStorageFacts> Nodes { get; init; } = [];

    /// <summary>What names a device class of this group and would miss it.</summary>
    public ImmutableArray<DeviceClassUse> Uses { get; init; } = [];

    /// <summary>With what the nodes' agents tell now: of those nodes every volume group is known.</summary>
    /// <param name="comes">A node that is to take the file as well.</param>
    public static LvmdRuleFacts For(LvmdGroup group, StorageState state, AgentsSnapshot agents, string comes)
    {
        var facts = For(group, state);
        var nodes = facts.Nodes.Any(node => node.Name == comes) ? facts.Nodes : facts.Nodes.Add(new(comes, ImmutableDictionary<string, KnownVolumeGroup>.Empty));
        return facts with
        {
            Nodes = [.. nodes.Select(node => agents.Find(node.Name) is { IsConnected: true, Inventory: { } inventory } ? NodeStorageFacts.Of(node.Name, inventory) : node)],
        };
    }

    public static LvmdRuleFacts For(LvmdGroup group, StorageState state)
    {
        var nodes = group.Nodes.Select(node => node.Name).ToHashSet();
        var elsewhere = state.LvmdGroups.Where(other => other.Name != group.Name && other.Nodes.Length > 0).SelectMany(other => other.Config.DeviceClasses).Select(one => one.Name).ToHashSet();
        var volumes = state.Volumes.Where(volume => volume.LogicalVolume is not null && nodes.Contains(volume.LogicalVolume.Spec.NodeName))
            .Select(volume => new DeviceClassUse(volume.LogicalVolume!.Spec.DeviceClass, DeviceClassUser.Volume, volume.Name.ToString()));
        // A class that another group still has can be had by new volumes of its StorageClass there.
        var classes = state.StorageClasses.Select(one => new DeviceClassUse(one.DeviceClass, DeviceClassUser.StorageClass, one.Name))
            .Where(use => !elsewhere.Contains(use.DeviceClass));
        return new()
        {
            Version = group.Version,
            Before = group.Yaml is null ? null : group.Config,
            Nodes = [.. group.Nodes.Select(node => NodeStorageFacts.Of(node, group, state))],
            Uses = [.. volumes.Concat(classes)],
        };
    }
}

public enum DeviceClassUser
{
    Volume,
    StorageClass,
}

/// <param name="DeviceClass">"" for the default class.</param>
public sealed record DeviceClassUse(string DeviceClass, DeviceClassUser User, string Name);

/// <summary>What is known of a node's volume groups.</summary>
/// <param name="IsComplete">All of them are known, so that one which is not listed does not exist.</param>
public sealed record NodeStorageFacts(string Name, ImmutableDictionary<string, KnownVolumeGroup> VolumeGroups, bool IsComplete = false)
{
    /// <summary>As the node's agent tells it.</summary>
    public static NodeStorageFacts Of(string name, NodeInventory inventory) => new(
        name, inventory.VolumeGroups.ToImmutableDictionary(group => group.Name, group => new KnownVolumeGroup(group.SizeBytes, group.FreeBytes)), IsComplete: true);

    /// <summary>From what lvmd shows by running: the volume groups of its file are there, with at least what is free and what its volumes take.</summary>
    public static NodeStorageFacts Of(LvmdNode node, LvmdGroup group, StorageState state)
    {
        if (!node.IsServing) return new(node.Name, ImmutableDictionary<string, KnownVolumeGroup>.Empty);
        var published = state.Nodes.FirstOrDefault(one => one.Name == node.Name)?.Capacities ?? [];
        var subtracts = LvmdVersions.PublishesSpare(group.Version);
        var taken = state.Volumes.Where(volume => volume.Node == node.Name)
            .GroupBy(volume => group.Config.Find(volume.LogicalVolume!.Spec.DeviceClass)?.VolumeGroup ?? "")
            .ToDictionary(volumes => volumes.Key, volumes => volumes.Sum(volume => SizeBytes(volume.LogicalVolume!)));
        return new(node.Name, node.DeviceClasses.GroupBy(one => one.Config.VolumeGroup).ToImmutableDictionary(classes => classes.Key, classes =>
        {
            var thick = classes.FirstOrDefault(one => !one.Config.IsThin && one.AvailableBytes is not null);
            // Where the reserve is subtracted, 0 may stand for anything up to it.
            long? free = thick is null || (subtracts && thick.AvailableBytes == 0) ? null : thick.AvailableBytes + (subtracts ? thick.Config.SpareBytes : 0);
            // topolvm-node's metrics know the size, where they can be read.
            var size = thick is null ? null : published.FirstOrDefault(one => one.DeviceClass == thick.Config.Name)?.SizeBytes;
            return new KnownVolumeGroup(size ?? (free is null ? null : free + taken.GetValueOrDefault(classes.Key)), free);
        }));
    }

    private static long SizeBytes(LogicalVolume volume) =>
        Quantity.TryParse(volume.Status.CurrentSize, out var current) || Quantity.TryParse(volume.Spec.Size, out current) ? current.Value : 0;
}

/// <param name="SizeBytes">As topolvm-node's metrics say it; else free space and TopoLVM's volumes together, which is at least so much. Null when neither is known.</param>
/// <param name="FreeBytes">Nothing subtracted; null when it is not known.</param>
public sealed record KnownVolumeGroup(long? SizeBytes, long? FreeBytes);
