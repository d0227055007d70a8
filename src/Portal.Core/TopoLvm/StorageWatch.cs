using Portal.Core.Cluster;

namespace Portal.Core.TopoLvm;

/// <summary>Keeps the storage picture current: made once per snapshot, for all viewers, away from their render threads.</summary>
public sealed class StorageWatch(Live<ClusterSnapshot> cluster)
{
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
                Live.Publish(StorageState.From(cluster.Current));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The portal closes.
        }
    }
}
