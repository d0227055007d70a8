using System.Collections.Immutable;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>The lvmd that serves a node: its file is read once, at its start.</summary>
/// <param name="Free">Bytes that it published for each class when it last looked at LVM; "" is the default class.</param>
public sealed record RunningLvmd(string PodUid, Version Version, LvmdConfiguration Configuration, ImmutableSortedDictionary<string, long> Free)
{
    /// <summary>How often it has looked at LVM.</summary>
    public int Looks { get; init; }

    /// <summary>What LVM was when it last looked.</summary>
    public NodeStorage Seen { get; init; } = new([]);

    /// <summary>The class of that name, "" being the default; null when the file has none.</summary>
    public LvmdClass? FindClass(string name) => Configuration.Classes.FirstOrDefault(one => name.Length == 0 ? one.IsDefault : one.Name == name);

    /// <summary>Looks at LVM again. It does so at its start, after each change it makes, and every ten minutes; what others do with LVM
    /// meanwhile it does not see.</summary>
    public RunningLvmd LookAt(NodeStorage storage)
    {
        var free = Configuration.Classes.ToImmutableSortedDictionary(one => one.Name, one => Published(one, storage));
        return this with { Looks = Looks + 1, Seen = storage, Free = free.SetItem("", FindClass("") is { } chosen ? free[chosen.Name] : 0) };
    }

    /// <summary>What a class has left for new volumes; the spare is not subtracted.</summary>
    public static long FreeOf(LvmdClass one, SimulatedVolumeGroup group)
    {
        if (one.ThinPool is not { } thin) return group.FreeBytes;
        return group.ThinPools.TryGetValue(thin.Name, out var pool)
            ? Math.Max(0, (long)Math.Floor(thin.OverprovisionRatio * pool.SizeBytes) - group.VirtualBytes(pool.Name)) : 0;
    }

    private long Published(LvmdClass one, NodeStorage storage)
    {
        var free = storage.VolumeGroups.TryGetValue(one.VolumeGroup, out var group) ? FreeOf(one, group) : 0;
        return Version < TopoLvmVersion.Renamed || one.ThinPool is not null ? free : Math.Max(0, free - one.SpareBytes);
    }
}

/// <summary>The topolvm-node program that serves a node for one group.</summary>
/// <param name="LvmdPodUid">The lvmd it is connected to.</param>
public sealed record RunningNodePlugin(string PodUid, Version Version, string LvmdPodUid);
