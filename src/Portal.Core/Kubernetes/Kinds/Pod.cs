using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Portal.Core.Kubernetes.Kinds;

/// <summary>core/v1 Pod.</summary>
public sealed record Pod : IKubeObject
{
    public static readonly KubeKind<Pod> Kind = new("", "v1", "pods", "Pod", true, KubeJson.Of<Pod>());

    public ObjectMeta Metadata { get; init; } = new();
    public PodSpec Spec { get; init; } = new();
    public PodStatus Status { get; init; } = new();

    [JsonIgnore]
    public bool IsReady => Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" });
}

public sealed record PodSpec
{
    public string? NodeName { get; init; }
    public string? SchedulerName { get; init; }
    public bool HostPid { get; init; }
    public ImmutableDictionary<string, string> NodeSelector { get; init; } = ImmutableDictionary<string, string>.Empty;
    public PodAffinity? Affinity { get; init; }
    public ImmutableArray<Toleration> Tolerations { get; init; } = [];
    public ImmutableArray<PodVolume> Volumes { get; init; } = [];
    public ImmutableArray<PodContainer> Containers { get; init; } = [];
}

/// <summary>A container's name, image and start: what a component's version and mode are read from.</summary>
public sealed record PodContainer
{
    public string Name { get; init; } = "";
    public string Image { get; init; } = "";
    public ImmutableArray<string> Command { get; init; } = [];
    public ImmutableArray<string> Args { get; init; } = [];
    public ContainerResources Resources { get; init; } = new();
    public ImmutableArray<VolumeMount> VolumeMounts { get; init; } = [];
    public ImmutableArray<EnvironmentVariable> Env { get; init; } = [];
}

public sealed record ContainerResources
{
    public ImmutableDictionary<string, string> Requests { get; init; } = ImmutableDictionary<string, string>.Empty;
}

public sealed record VolumeMount(string Name, string MountPath);

public sealed record EnvironmentVariable(string Name, string? Value);

public sealed record PodVolume(string Name, ClaimSource? PersistentVolumeClaim, ConfigMapSource? ConfigMap = null);

public sealed record ClaimSource(string ClaimName);

public sealed record ConfigMapSource(string Name);

public sealed record PodAffinity(NodeAffinity? NodeAffinity);

/// <summary>What a pod asks of its node beside the node selector.</summary>
public sealed record NodeAffinity(NodeSelection? RequiredDuringSchedulingIgnoredDuringExecution);

public sealed record PodStatus
{
    public string Phase { get; init; } = "";
    public string Reason { get; init; } = "";
    public string Message { get; init; } = "";
    public ImmutableArray<Condition> Conditions { get; init; } = [];
    public ImmutableArray<ContainerStatus> ContainerStatuses { get; init; } = [];
}

public sealed record ContainerStatus
{
    public string Name { get; init; } = "";
    public bool Ready { get; init; }
    public int RestartCount { get; init; }
    public ContainerState State { get; init; } = new();

    /// <summary>How the container ended before it was started again.</summary>
    public ContainerState LastState { get; init; } = new();
}

public sealed record ContainerState
{
    public ContainerWaiting? Waiting { get; init; }
    public ContainerTerminated? Terminated { get; init; }
}

public sealed record ContainerWaiting(string Reason, string? Message);

public sealed record ContainerTerminated(int ExitCode, string? Reason, string? Message);
