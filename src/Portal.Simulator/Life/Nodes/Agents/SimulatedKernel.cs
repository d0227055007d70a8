using Portal.Core.Agents;
using Portal.Core.Disks;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>What a simulated node's kernel remembers for as long as the node runs, whoever asks it: what its devices have done, and the numbers of those
/// that are mapped.</summary>
internal sealed class SimulatedKernel
{
    private readonly Lock _gate = new();
    private readonly SimulatedIo _io = new();
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>The minor number of a logical volume, by group and name.</summary>
    public int NumberOf(string volume)
    {
        lock (_gate)
        {
            if (!_numbers.TryGetValue(volume, out var number)) _numbers[volume] = number = _numbers.Count;
            return number;
        }
    }

    /// <summary>What an agent reads at the moment of an inventory.</summary>
    /// <param name="mounted">How full the file systems are that pods have mounted, by logical volume.</param>
    public NodeSample Sample(NodeInventory inventory, IEnumerable<(string LogicalVolume, VolumeUsage Usage)> mounted) =>
        new(0, inventory.TakenAt, inventory.BootId, [.. CountersAt(inventory)])
        {
            FileSystems =
            [
                .. from one in mounted
                   join volume in inventory.LogicalVolumes on one.LogicalVolume equals volume.Name
                   where volume.DeviceNumber is not null
                   select new FileSystemSample(volume.DeviceNumber!, one.Usage.CapacityBytes, one.Usage.UsedBytes, one.Usage.Inodes, one.Usage.InodesUsed),
            ],
            ThinPools = [.. inventory.LogicalVolumes.Where(volume => volume.DataPercent is not null)
                .Select(pool => new ThinPoolSample(pool.VolumeGroup, pool.Name, pool.DataPercent!.Value, pool.MetadataPercent ?? 0))],
        };

    private DeviceCounters[] CountersAt(NodeInventory inventory)
    {
        lock (_gate) return [.. _io.At(inventory)];
    }
}
