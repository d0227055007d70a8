using System.Collections.Immutable;

namespace Portal.Simulator.Life.Nodes;

/// <summary>A volume group that a node has from the beginning.</summary>
public sealed record VolumeGroupScenario(string Name, ImmutableArray<string> Devices)
{
    public ImmutableArray<SimulatedThinPool> ThinPools { get; init; } = [];

    public ImmutableArray<SimulatedVolume> Volumes { get; init; } = [];
}

/// <summary>What a node is like at the beginning.</summary>
public sealed record NodeScenario(string Name)
{
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Each as kubectl writes it: "node-role.kubernetes.io/master=:NoSchedule".</summary>
    public ImmutableArray<string> Taints { get; init; } = [];

    public ImmutableArray<SimulatedDisk> Disks { get; init; } = [];
    public ImmutableArray<VolumeGroupScenario> VolumeGroups { get; init; } = [];

    /// <summary>How long the node has been cut off at the beginning; null when it is online.</summary>
    public TimeSpan? OfflineFor { get; init; }

    /// <summary>kube-scheduler on a control-plane node; null where none runs.</summary>
    public SimulatedKubeScheduler? Scheduler { get; init; }

    public string Cpu { get; init; } = "4";
    public string Memory { get; init; } = "8Gi";
    public string Architecture { get; init; } = "amd64";
    public string OsImage { get; init; } = "Ubuntu 20.04.6 LTS";
    public string KernelVersion { get; init; } = "5.4.0-169-generic";
    public string ContainerRuntime { get; init; } = "docker://20.10.7";
    public string KubeletDirectory { get; init; } = "/var/lib/kubelet";
    public string Address { get; init; } = "192.168.10.10";
}
