using Portal.Core.Cluster;
using Portal.Core.TopoLvm.Nodes;

namespace Portal.Core.TopoLvm;

/// <summary>Keeps the storage picture current: made once per change, for all viewers, away from their render threads.</summary>
public sealed class StorageWatch(Live<ClusterSnapshot> cluster, NodeLabel nodeLabel, TimeProvider time)
{
    private const double PausePerWork = 4;
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public Live<StorageState> Live { get; } = new(StorageState.Empty);

    /// <summary>What the nodes' metrics add to it; <see cref="NodeMetricsWatch"/> fills it.</summary>
    public Live<NodeMetrics> Metrics { get; } = new(NodeMetrics.Empty);

    /// <summary>Runs until cancelled; to be run once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var changed = new Signal();
        using var objects = cluster.Subscribe(changed.Set);
        using var readings = Metrics.Subscribe(changed.Set);
        changed.Set();
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await changed.WaitAsync(cancel);
                var began = time.GetTimestamp();
                Live.Publish(StorageState.From(cluster.Current, nodeLabel, Metrics.Current));
                // A site so large that the joins take long gets them less often, not the whole processor for them.
                var took = time.GetElapsedTime(began);
                if (took > AtOnce) await Task.Delay(took * PausePerWork < LongestPause ? took * PausePerWork : LongestPause, time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The portal closes.
        }
    }
}
