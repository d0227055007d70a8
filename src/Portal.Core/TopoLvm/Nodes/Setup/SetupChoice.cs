using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Core.TopoLvm.Nodes.Setup;

/// <summary>What a person has chosen on the way from a disk to storage.</summary>
/// <param name="VolumeGroup">One that exists, or the name of the one to be made.</param>
/// <param name="Disks">Paths of the disks that it is to be made of.</param>
public sealed record SetupChoice(string VolumeGroup, ImmutableArray<string> Disks)
{
    private const string UsualName = "data";

    /// <summary>What is gone on with where nothing has been chosen: a group that is there, first of all one that the node's configuration names.</summary>
    public static string UsualGroup(StorageNode node, NodeInventory? inventory)
    {
        var named = Named(node);
        var present = inventory?.VolumeGroups.Select(group => group.Name).ToArray() ?? [.. node.Classes.Select(one => one.VolumeGroup).OfType<string>()];
        return named.FirstOrDefault(present.Contains) ?? present.FirstOrDefault() ?? NewGroup(node, inventory);
    }

    /// <summary>A name for a new group: one that the configuration names and the node lacks needs no other step.</summary>
    public static string NewGroup(StorageNode node, NodeInventory? inventory)
    {
        var names = Named(node).Append(UsualName).Concat(Enumerable.Range(2, 100).Select(number => UsualName + number));
        return names.First(name => inventory?.FindVolumeGroup(name) is null);
    }

    private static IEnumerable<string> Named(StorageNode node) =>
        (node.Configuration?.Config ?? new LvmdConfig()).DeviceClasses.Select(one => one.VolumeGroup).Where(name => name.Length > 0).Distinct();
}
