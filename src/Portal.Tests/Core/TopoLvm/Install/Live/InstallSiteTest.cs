using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Install.Live;

/// <summary>A test of installs and removals on an API server with nodes that live.</summary>
public abstract class InstallSiteTest(TestCluster cluster) : ClusterTest(cluster)
{
    private InstallSite? _site;

    private protected InstallSite Site => _site!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await InstallSite.StartAsync(Cluster, Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
