namespace Portal.Core.Kubernetes;

/// <summary>Which cluster is asked for; everything may be left out.</summary>
public sealed record KubeconfigOptions
{
    /// <summary>A file that is used alone, and must exist (--kubeconfig).</summary>
    public string? Path { get; init; }

    /// <summary>The context to use; null takes the file's current one.</summary>
    public string? Context { get; init; }

    public KubeEnvironment Environment { get; init; } = KubeEnvironment.Process;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
