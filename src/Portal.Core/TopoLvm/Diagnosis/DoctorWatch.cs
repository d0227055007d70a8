using Portal.Core.Cluster;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>Keeps current what needs attention: found once per picture, for all viewers, away from their render threads.</summary>
public sealed class DoctorWatch(Live<ClusterSnapshot> cluster, Live<StorageState> storage, TimeProvider time)
{
    private const double PausePerWork = 4;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    public Live<Attention> Live { get; } = new(Attention.None);

    /// <summary>Runs until cancelled; to be run once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var changed = new Signal();
        using var subscription = storage.Subscribe(changed.Set);
        changed.Set();
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await changed.WaitAsync(cancel);
                var began = time.GetTimestamp();
                Live.Publish(Attention.Of(Surroundings.Of(cluster.Current, storage.Current)));
                // Explanations may come a moment after what they explain; on a large site, a longer one.
                var pause = time.GetElapsedTime(began) * PausePerWork;
                await Task.Delay(pause > Gather ? pause : Gather, time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The portal closes.
        }
    }
}
