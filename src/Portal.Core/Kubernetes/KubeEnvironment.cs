namespace Portal.Core.Kubernetes;

/// <summary>What of the process's surroundings decides which cluster is meant.</summary>
/// <param name="Variable">Reads an environment variable; null when it is not set.</param>
/// <param name="Home">The person's home directory, where .kube/config is.</param>
public sealed record KubeEnvironment(Func<string, string?> Variable, string Home)
{
    public static readonly KubeEnvironment Process = new(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Where a pod finds its token and the cluster's CA.</summary>
    public string ServiceAccountDirectory { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";
}
