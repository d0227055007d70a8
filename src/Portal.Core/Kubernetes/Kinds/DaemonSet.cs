namespace Portal.Core.Kubernetes.Kinds;

/// <summary>apps/v1 DaemonSet.</summary>
public sealed record DaemonSet : IKubeObject
{
    public static readonly KubeKind<DaemonSet> Kind = new("apps", "v1", "daemonsets", "DaemonSet", true, KubeJson.Of<DaemonSet>());

    public ObjectMeta Metadata { get; init; } = new();
    public DaemonSetSpec Spec { get; init; } = new();
    public DaemonSetStatus Status { get; init; } = new();
}

public sealed record DaemonSetSpec
{
    public PodTemplate Template { get; init; } = new();
    public UpdateStrategy UpdateStrategy { get; init; } = new("");
}

/// <param name="Type">RollingUpdate or OnDelete; "" means RollingUpdate.</param>
public sealed record UpdateStrategy(string Type);

public sealed record DaemonSetStatus
{
    public long ObservedGeneration { get; init; }
    public int DesiredNumberScheduled { get; init; }
    public int UpdatedNumberScheduled { get; init; }
    public int NumberReady { get; init; }
    public int NumberAvailable { get; init; }
}
