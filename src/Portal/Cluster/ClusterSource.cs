using Portal.Core.Kubernetes;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;

namespace Portal.Cluster;

/// <summary>Decides which cluster is managed: the kubeconfig's, the pod's own, or the simulated one.</summary>
public sealed class ClusterSource(PortalOptions options, KubeEnvironment environment, Scenario demo, Pace pace, DemoPast past, TimeProvider time, ILogger<SimulatedCluster> log)
    : IAsyncDisposable
{
    private SimulatedCluster? _simulated;

    /// <summary>The simulated cluster was chosen; known after the first attempt to connect, or from the start with --demo.</summary>
    public bool IsDemo { get; private set; } = options.Demo;

    /// <summary>The simulated cluster, once it has started; null when a real one is managed.</summary>
    public SimulatedCluster? Simulated => Volatile.Read(ref _simulated);

    /// <inheritdoc cref="DemoPast.MadeUntil"/>
    public DateTimeOffset? MadeUntil => past.MadeUntil;

    /// <exception cref="KubeconfigException">There is a kubeconfig that cannot be used; a later attempt reads it again.</exception>
    public async Task<KubeConnection> ConnectAsync(CancellationToken cancel)
    {
        var asked = new KubeconfigOptions { Path = options.Kubeconfig, Context = options.Context, Environment = environment, Time = time };
        if (!options.Demo && KubeConnection.Find(asked) is { } real) return real;
        IsDemo = true;
        var simulated = await SimulatedCluster.StartAsync(demo, new() { Pace = pace, Log = log, Past = past.Past }, cancel);
        Volatile.Write(ref _simulated, simulated);
        return simulated.Connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_simulated is not null) await _simulated.DisposeAsync();
    }
}
