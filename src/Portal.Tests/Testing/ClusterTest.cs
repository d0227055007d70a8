using Portal.Core.Kubernetes;

namespace Portal.Tests.Testing;

/// <summary>A test against an API server, which is started before the first one.</summary>
public abstract class ClusterTest(TestCluster cluster) : IAsyncLifetime
{
    protected TestCluster Cluster { get; } = cluster;

    protected KubeClient Admin => Cluster.Admin;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => await Cluster.StartAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
