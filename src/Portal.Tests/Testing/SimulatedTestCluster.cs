using Portal.Core.Kubernetes;
using Portal.Simulator.Api;
using Portal.Tests.Testing;

[assembly: AssemblyFixture(typeof(SimulatedTestCluster))]

namespace Portal.Tests.Testing;

/// <summary>The simulator's API server, in this process.</summary>
public sealed class SimulatedTestCluster : TestCluster
{
    private SimulatedApiServer? _server;
    private TemporaryFolder? _folder;

    public SimulatedApiServer Server => _server ?? throw new InvalidOperationException("The cluster is not started.");

    protected override async Task<StartedCluster> StartNewAsync()
    {
        _server = await SimulatedApiServer.StartAsync(new(), CancellationToken.None);
        _folder = new TemporaryFolder();
        return new(new KubeClient(_server.Connection), PlainKubeconfig.Write(_folder, _server.Url));
    }

    protected override async ValueTask StopAsync()
    {
        _folder?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }
}
