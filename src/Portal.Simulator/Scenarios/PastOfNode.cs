using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.Nodes.Agents;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Simulator.Scenarios;

/// <summary>What a node was at each moment of the past.</summary>
/// <param name="volumes">All that it has or had.</param>
/// <param name="lvmd">What its lvmd publishes; null where none runs.</param>
internal sealed class PastOfNode(NodeScenario scenario, ImmutableArray<StandingVolume> volumes, LvmdConfiguration? lvmd)
{
    // Names and sizes are made of texts: once is enough for thousands of moments.
    private readonly ImmutableArray<(StandingVolume Volume, SimulatedVolume OnDisk)> _volumes = [.. volumes.Where(volume => volume.NameInLvm is not null).Select(volume => (volume, volume.OnDisk))];
    private readonly SimulatedNode _node = new(scenario with { VolumeGroups = [.. scenario.VolumeGroups.Select(group => group with { Volumes = [] })] });

    // What lies on the disks changes seldom: it is read anew when it has.
    private ImmutableArray<(string Name, long Bytes)> _seen;
    private NodeStorage? _storage;
    private ImmutableSortedDictionary<string, long>? _free;
    private NodeInventory? _inventory;

    public SimulatedKernel Kernel => _node.Kernel;

    public PastNode At(DateTimeOffset began, TimeSpan sinceBeginning)
    {
        var at = began + sinceBeginning;
        var there = _volumes.Where(one => one.Volume.IsThereAt(sinceBeginning)).Select(one => (one.Volume, OnDisk: one.OnDisk with { SizeBytes = one.OnDisk.SizeBytes + one.Volume.GrownAt(sinceBeginning) })).ToArray();
        var inventory = WithPools(ReadAt(there, at) with { TakenAt = at }, sinceBeginning);
        var sample = Kernel.Sample(inventory, there.Where(one => one.Volume.Fill is not null)
            .Select(one => (one.OnDisk.Name, VolumeUsage.Filled(one.OnDisk.SizeBytes, one.Volume.Fill!.At(sinceBeginning)))));
        return new(scenario.Name, inventory, sample, Classes(sinceBeginning));
    }

    private NodeInventory ReadAt((StandingVolume Volume, SimulatedVolume OnDisk)[] there, DateTimeOffset at)
    {
        ImmutableArray<(string, long)> seen = [.. there.Select(one => (one.OnDisk.Name, one.OnDisk.SizeBytes))];
        if (_inventory is { } known && seen.SequenceEqual(_seen)) return known;
        _seen = seen;
        _storage = there.Aggregate(_node.State.Current.Storage, (storage, one) => storage.WithVolume(one.Volume.VolumeGroup, one.OnDisk));
        _free = lvmd is null ? null : new RunningLvmd("", TopoLvmVersion.Newest, lvmd, ImmutableSortedDictionary<string, long>.Empty).LookAt(_storage).Free;
        return _inventory = new SimulatedInventory(_node, _node.State.Current with { Storage = _storage }, Kernel.NumberOf).Read(at);
    }

    private NodeInventory WithPools(NodeInventory inventory, TimeSpan sinceBeginning) => inventory with
    {
        LogicalVolumes =
        [
            .. inventory.LogicalVolumes.Select(volume => volume.DataPercent is not null && _storage!.VolumeGroups[volume.VolumeGroup].ThinPools[volume.Name].At(sinceBeginning) is var pool
                ? volume with { DataPercent = pool.DataPercent, MetadataPercent = pool.MetadataPercent } : volume),
        ],
    };

    private ImmutableArray<Capacity> Classes(TimeSpan sinceBeginning)
    {
        if (lvmd is null || _storage!.VolumeGroups.IsEmpty) return [];
        return [.. lvmd.Classes.Where(one => _storage.VolumeGroups.ContainsKey(one.VolumeGroup)).Select(one => Class(one, _storage.VolumeGroups[one.VolumeGroup], _free![one.Name], sinceBeginning))];
    }

    private static Capacity Class(LvmdClass one, SimulatedVolumeGroup group, long free, TimeSpan sinceBeginning)
    {
        var capacity = new Capacity(one.Name, free) { IsCurrent = true, VolumeGroup = group.Name, SizeBytes = group.SizeBytes };
        if (one.ThinPool is not { } thin || group.ThinPools.GetValueOrDefault(thin.Name)?.At(sinceBeginning) is not { } pool) return capacity;
        return capacity with { IsThin = true, SizeBytes = pool.SizeBytes, DataPercent = pool.DataPercent, MetadataPercent = pool.MetadataPercent };
    }
}
