using Portal.Core.Kubernetes;
using Portal.Simulator;
using Portal.Tests.Testing;

[assembly: AssemblyFixture(typeof(SimulatedTestCluster))]

namespace Portal.Tests.Testing;

/// <summary>The simulator in this process, with its control plane and, like the real one, without nodes.</summary>
public sealed class SimulatedTestCluster : TestCluster
{
    private SimulatedCluster? _simulated;
    private TemporaryFolder? _folder;

    /// <summary>The simulator's own side, for faults.</summary>
    public SimulatedCluster Simulated => _simulated ?? throw new InvalidOperationException("The cluster is not started.");

    protected override async Task<StartedCluster> StartNewAsync()
    {
        _simulated = await SimulatedCluster.StartAsync(new Scenario("without nodes", []), null, CancellationToken.None);
        _folder = new TemporaryFolder();
        return new(new KubeClient(_simulated.Connection), PlainKubeconfig.Write(_folder, _simulated.Connection.Server));
    }

    protected override async ValueTask StopAsync()
    {
        _folder?.Dispose();
        if (_simulated is not null) await _simulated.DisposeAsync();
    }
}
