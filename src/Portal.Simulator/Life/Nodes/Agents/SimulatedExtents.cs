using System.Collections.Immutable;
using Portal.Core.Lvm;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>Where the volumes of a group lie on its disks: one behind the other, in the order of their names.</summary>
internal sealed class SimulatedExtents
{
    private readonly Dictionary<string, ImmutableArray<LvmSegment>.Builder> _byDevice = [];

    public SimulatedExtents(SimulatedVolumeGroup group)
    {
        var owners = new Queue<(string? Name, long Extents)>(
            group.ThinPools.Values.Select(pool => (pool.Name, pool.SizeBytes))
                .Concat(group.Volumes.Values.Where(volume => volume.Pool is null).Select(volume => (volume.Name, volume.SizeBytes)))
                .OrderBy(owner => owner.Name, StringComparer.Ordinal)
                .Select(owner => ((string?)owner.Name, owner.SizeBytes / SimulatedVolumeGroup.ExtentBytes)));
        var (name, left) = Next(owners);
        foreach (var device in group.Devices)
        {
            var segments = _byDevice[device] = ImmutableArray.CreateBuilder<LvmSegment>();
            var extents = group.BytesOn[device] / SimulatedVolumeGroup.ExtentBytes;
            for (long at = 0; at < extents;)
            {
                var length = Math.Min(left, extents - at);
                segments.Add(new(at, length, name));
                (at, left) = (at + length, left - length);
                if (left == 0) (name, left) = Next(owners);
            }
        }
    }

    public ImmutableArray<LvmSegment> Of(string device) => _byDevice[device].ToImmutable();

    public ImmutableArray<string> DevicesOf(string volume) =>
        [.. _byDevice.Where(device => device.Value.Any(segment => segment.LogicalVolume == volume)).Select(device => device.Key)];

    private static (string? Name, long Extents) Next(Queue<(string? Name, long Extents)> owners)
    {
        while (owners.TryDequeue(out var owner))
            if (owner.Extents > 0) return owner;
        return (null, long.MaxValue);
    }
}
