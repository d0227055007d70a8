using Portal.Core.Cluster;

namespace Portal.Core.TopoLvm;

/// <summary>Keeps the storage picture current: made once per snapshot, for all viewers, away from their render threads.</summary>
public sealed class StorageWatch(Live<ClusterSnapshot> cluster, TimeProvider time)
{
    private const double PausePerWork = 4;
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);

    public Live<StorageState> Live { get; } = new(StorageState.Empty);

    /// <summary>Runs until cancelled; to be run once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var changed = new Signal();
        using var subscription = cluster.Subscribe(changed.Set);
        changed.Set();
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await changed.WaitAsync(cancel);
                var began = time.GetTimestamp();
                Live.Publish(StorageState.From(cluster.Current));
                // A site so large that the joins take long gets them less often, not the whole processor for them.
                var took = time.GetElapsedTime(began);
                if (took > AtOnce) await Task.Delay(took * PausePerWork, time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The portal closes.
        }
    }
}
