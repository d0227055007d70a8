using System.Collections.Immutable;
using Portal.Core;
using Portal.Simulator.Life.Nodes.Agents;
using Portal.Simulator.Life.Scheduling;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Simulator.Life.Nodes;

/// <summary>The inside of a node, which no API shows: disks, directories and the programs that run on it.</summary>
public sealed record NodeState(NodeStorage Storage)
{
    /// <summary>False while the node is cut off or switched off: it reports nothing and carries out nothing.</summary>
    public bool IsOnline { get; init; } = true;

    /// <summary>Directories that exist, without a slash at the end; a pod's hostPath volumes may ask for one or make it.</summary>
    public ImmutableHashSet<string> Directories { get; init; } = [];

    /// <summary>CSI drivers registered with the kubelet, each with its topology key.</summary>
    public ImmutableSortedDictionary<string, string> CsiDrivers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Images that cannot be pulled on this node.</summary>
    public ImmutableHashSet<string> MissingImages { get; init; } = [];

    /// <summary>What lvm says in place of making or growing a volume; null while it works.</summary>
    public string? LvmFailure { get; init; }

    /// <summary>What lvmd answers in place of making or growing a volume, before it asks lvm; null while it serves.</summary>
    public LvmdAnswer? LvmdRefusal { get; init; }

    /// <summary>Whether lvmd has been told to end; its container is started again.</summary>
    public bool KillsLvmd { get; init; }

    /// <summary>The lvmd that serves the node, or null.</summary>
    public RunningLvmd? Lvmd { get; init; }

    /// <summary>The topolvm-node programs that serve the node, by group.</summary>
    public ImmutableDictionary<string, RunningNodePlugin> NodePlugins { get; init; } = ImmutableDictionary<string, RunningNodePlugin>.Empty;

    /// <summary>kube-scheduler where it runs on this node, or null.</summary>
    public SimulatedKubeScheduler? Scheduler { get; init; }

    /// <summary>The topolvm-scheduler that answers on the node, or null.</summary>
    public RunningExtender? Extender { get; init; }
}

/// <summary>One simulated node; a test takes it offline, changes its disks or breaks it by <see cref="Change"/>.</summary>
public sealed class SimulatedNode
{
    private static readonly string[] FirstDirectories = ["/dev", "/etc", "/proc", "/sys", "/lib/modules", "/var/log"];
    private static readonly string[] KubeletDirectories = ["", "/pods", "/plugins", "/plugins_registry"];

    private readonly Lock _gate = new();

    public SimulatedNode(NodeScenario scenario)
    {
        Scenario = scenario;
        var storage = scenario.VolumeGroups.Aggregate(new NodeStorage(scenario.Disks), With);
        State = new(new NodeState(storage)
        {
            IsOnline = scenario.OfflineFor is null,
            Scheduler = scenario.Scheduler,
            Directories = [.. FirstDirectories, .. KubeletDirectories.Select(part => scenario.KubeletDirectory + part)],
        });
    }

    public string Name => Scenario.Name;

    public NodeScenario Scenario { get; }

    public Live<NodeState> State { get; }

    internal SimulatedKernel Kernel { get; init; } = new();

    /// <summary>What the containers on this node have written.</summary>
    public ContainerLogs Logs { get; } = new();

    public void Change(Func<NodeState, NodeState> change)
    {
        lock (_gate)
        {
            var next = change(State.Current);
            if (next != State.Current) State.Publish(next);
        }
    }

    private static NodeStorage With(NodeStorage storage, VolumeGroupScenario group)
    {
        var made = storage.WithVolumeGroup(group.Name, group.Devices.AsSpan());
        foreach (var pool in group.ThinPools) made = made.WithThinPool(group.Name, pool);
        return group.Volumes.Aggregate(made, (with, volume) => with.WithVolume(group.Name, volume));
    }

    public void TakeOffline() => Change(state => state with { IsOnline = false });

    public void BringOnline() => Change(state => state with { IsOnline = true });

    /// <summary>Ends lvmd once: its container is started again, and reads the file and LVM anew.</summary>
    public void KillLvmd() => Change(state => state with { KillsLvmd = true });

    /// <summary>Takes a volume group with all that is on it away, as a broken disk does; lvmd notices at its next start.</summary>
    public void LoseVolumeGroup(string name) => Change(state => state with { Storage = state.Storage.WithoutVolumeGroup(name) });

    /// <summary>Lets lvm refuse to make and grow volumes, with these words; null lets it work again.</summary>
    public void FailLvm(string? words) => Change(state => state with { LvmFailure = words });

    /// <summary>Lets lvmd refuse to make and grow volumes with a gRPC code; null lets it serve again.</summary>
    public void RefuseVolumes(LvmdAnswer? answer) => Change(state => state with { LvmdRefusal = answer });

    /// <summary>Fills a thin pool; lvmd tells of it when it looks at LVM next.</summary>
    public void FillThinPool(string group, string pool, double dataPercent, double metadataPercent) => Change(state =>
    {
        var filled = state.Storage.VolumeGroups[group].ThinPools[pool] with { DataPercent = dataPercent, MetadataPercent = metadataPercent };
        return state with { Storage = state.Storage.WithThinPool(group, filled) };
    });
}
