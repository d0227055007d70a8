using Portal.Core;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Nodes;

namespace Portal.Cluster;

// The one connection of the portal. A kubeconfig that cannot be used does not keep the portal from starting: the pages say
// what is wrong, and the session tries again until somebody has mended it.

/// <summary>Connects to the cluster and keeps what everything else reads: its snapshots, and the storage picture made from them.</summary>
public sealed partial class ClusterSession(
    ClusterSource source, Live<ClusterStatus> status, Live<ClusterSnapshot> cluster, StorageWatch storage, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.CreateLogger<ClusterSession>();
    private OperationContext? _context;

    /// <summary>What operations work on.</summary>
    /// <exception cref="OperationFailedException">There is no connection yet.</exception>
    public OperationContext Context => Volatile.Read(ref _context) ?? throw new OperationFailedException(status.Current.Problem ?? OperationTexts.NoCluster);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ConnectAndWatchAsync(stoppingToken), storage.RunAsync(stoppingToken));

    private async Task ConnectAndWatchAsync(CancellationToken stopping)
    {
        try
        {
            using var client = new KubeClient(await ConnectAsync(stopping));
            var watch = new ClusterWatch(client, time, loggers.CreateLogger<ClusterWatch>());
            using var forward = watch.Live.Subscribe(() => cluster.Publish(watch.Live.Current));
            Volatile.Write(ref _context, new(client, watch.Live, time));
            status.Publish(new(client.Connection.Source, source.IsDemo, true, null) { MadeUntil = source.MadeUntil });
            LogConnected(client.Connection.Source, client.Connection.Server);
            var metrics = new NodeMetricsWatch(client, storage.Live, storage.Metrics, time, loggers.CreateLogger<NodeMetricsWatch>());
            await Task.WhenAll(watch.RunAsync(stopping), metrics.RunAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The portal closes.
        }
    }

    private async Task<KubeConnection> ConnectAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await source.ConnectAsync(stopping);
            }
            catch (KubeconfigException unusable)
            {
                Show(unusable.Problem);
            }
            await Task.Delay(RetryAfter, time, stopping);
        }
    }

    private void Show(Message problem)
    {
        if (problem == status.Current.Problem) return;
        LogUnusable(problem.English);
        status.Publish(ClusterStatus.Connecting with { IsDemo = source.IsDemo, Problem = problem });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Managing the cluster of {Source} at {Server}")]
    private partial void LogConnected(string source, Uri server);

    [LoggerMessage(Level = LogLevel.Error, Message = "No connection to the cluster: {Problem}")]
    private partial void LogUnusable(string problem);
}
