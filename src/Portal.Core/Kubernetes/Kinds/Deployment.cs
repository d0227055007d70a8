namespace Portal.Core.Kubernetes.Kinds;

/// <summary>apps/v1 Deployment.</summary>
public sealed record Deployment : IKubeObject
{
    public static readonly KubeKind<Deployment> Kind = new("apps", "v1", "deployments", "Deployment", true, KubeJson.Of<Deployment>());

    public ObjectMeta Metadata { get; init; } = new();
    public DeploymentSpec Spec { get; init; } = new();
    public DeploymentStatus Status { get; init; } = new();
}

public sealed record DeploymentSpec
{
    public int Replicas { get; init; } = 1;
    public PodTemplate Template { get; init; } = new();
}

/// <summary>The pod that a workload makes.</summary>
public sealed record PodTemplate
{
    public ObjectMeta Metadata { get; init; } = new();
    public PodSpec Spec { get; init; } = new();
}

public sealed record DeploymentStatus
{
    public long ObservedGeneration { get; init; }
    public int Replicas { get; init; }
    public int UpdatedReplicas { get; init; }
    public int AvailableReplicas { get; init; }
}
