using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Operations;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Install.Live;

/// <summary>A cluster with nodes that live, watched as the portal watches it, where operations run without the portal around them.</summary>
internal sealed class InstallSite : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ClusterWatch _watch;
    private readonly Task _watching;
    private readonly SimulatedLife _life;

    private InstallSite(TestCluster cluster)
    {
        Client = cluster.Admin;
        _life = SimulatedLife.Start(cluster.Connection, Scenario.Bare.Nodes, new() { PlaysControlPlane = false });
        _watch = new(Client, TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        _watching = _watch.RunAsync(_end.Token);
    }

    public KubeClient Client { get; }

    public OperationContext Context => new(Client, _watch.Live, TimeProvider.System);

    /// <summary>Every write that operations have journalled, in order.</summary>
    public List<string> Journal { get; } = [];

    public static async Task<InstallSite> StartAsync(TestCluster cluster, CancellationToken cancel)
    {
        var site = new InstallSite(cluster);
        // The taint keeps pods off a silent node; one that were bound to it before would wait there for ever.
        await site._watch.Live.UntilAsync(snapshot => snapshot.Nodes.Items.Count == Scenario.Bare.Nodes.Length
            && snapshot.Nodes.Items.Values.All(node => node.IsReady || node.Spec.Taints.Any(taint => taint.Key == "node.kubernetes.io/unreachable"))
            && snapshot.Freshness.All(kind => kind.Freshness.AsOf is not null || kind.Kind.StartsWith("logicalvolumes", StringComparison.Ordinal)), cancel);
        return site;
    }

    /// <summary>Plans an operation and runs its steps.</summary>
    public Task RunAsync(Operation operation, CancellationToken cancel) => RunAsync(operation, int.MaxValue, cancel);

    /// <summary>Runs an operation and dies before its n-th write, counted from 1; true when it came to its end before that.</summary>
    public async Task<bool> RunAsync(Operation operation, int diesBefore, CancellationToken cancel)
    {
        var writes = 0;
        var user = new UserCluster(Client, (what, _) =>
        {
            if (++writes >= diesBefore) throw new DeathException();
            Journal.Add(what);
            return Task.CompletedTask;
        });
        try
        {
            foreach (var step in await operation.PlanAsync(Context, cancel)) await step.RunAsync(new StepRun(Context, user, _ => { }), cancel);
            return true;
        }
        catch (DeathException)
        {
            return false;
        }
    }

    public Task<ClusterSnapshot> UntilAsync(Func<ClusterSnapshot, bool> condition, CancellationToken cancel) => _watch.Live.UntilAsync(condition, cancel);

    public async ValueTask DisposeAsync()
    {
        await _life.DisposeAsync();
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private sealed class DeathException : Exception;
}
