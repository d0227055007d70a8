using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Nodes;

/// <summary>What stands against enabling a node for storage, or against the contrary.</summary>
public static class NodeGates
{
    // As many are named; the page lists them all.
    private const int Named = 3;

    /// <summary>Null, or why storage cannot be enabled on the node.</summary>
    public static Message? WhyNotEnable(StorageNode node) =>
        node.IsBeingDeleted ? NodeTexts.IsBeingDeleted(node.Name)
        : node.IsEnabled ? NodeTexts.IsEnabled(node.Name) : null;

    /// <summary>Null, or why storage cannot be disabled on the node.</summary>
    public static Message? WhyNotDisable(StorageNode node)
    {
        if (!node.IsEnabled) return NodeTexts.IsNotEnabled(node.Name);
        if (node.LogicalVolumes > 0) return NodeTexts.HoldsVolumes(node.Name, node.LogicalVolumes, Names(node.Volumes));
        return node.OnTheWay.IsEmpty ? null : NodeTexts.AwaitsVolumes(node.Name, node.OnTheWay.Length, Names(node.OnTheWay));
    }

    /// <summary>Why lvmd may not start on the node, as far as is known: a volume group of its configuration that nobody has seen there. Null when
    /// each has been seen, or lvmd will not come.</summary>
    /// <param name="inventory">What the node's agent tells now; null where it does not.</param>
    public static Message? WhyLvmdMayEnd(StorageNode node, NodeInventory? inventory) =>
        GroupsUnseen(node, inventory) is not { IsEmpty: false } unseen ? null
        : inventory is null ? NodeTexts.GroupUnseen(string.Join(", ", unseen), node.Name) : NodeTexts.GroupAbsent(node.Name, string.Join(", ", unseen));

    /// <summary>Volume groups that the node's configuration names, and that its agent does not find; without an agent, of which the node has never
    /// told.</summary>
    public static ImmutableArray<string> GroupsUnseen(StorageNode node, NodeInventory? inventory) => node.Configuration is null ? []
        : [.. node.Configuration.Config.DeviceClasses.Where(one => inventory is null ? node.Classes.All(seen => seen.DeviceClass != one.Name) : inventory.FindVolumeGroup(one.VolumeGroup) is null).Select(one => one.VolumeGroup).Distinct()];

    private static string Names(ImmutableArray<Volume> volumes) =>
        string.Join(", ", volumes.Take(Named).Select(volume => volume.Name.ToString())) + (volumes.Length > Named ? ", …" : "");
}
