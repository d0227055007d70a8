using Portal.Agent.Node;
using Portal.Agent.Node.Reading;

namespace Portal.Agent.Scheduler;

/// <summary>Sees kube-scheduler started anew, by the kubelet, and stay up.</summary>
internal sealed class SchedulerRestart(SchedulerReader scheduler, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // The kubelet looks at its manifests every 20 s, waits for the old pod to end, and may have to wait for a crashing one for a while.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // One that cannot read its file ends within a second or two.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(15);

    /// <param name="byKubelet">Its manifest was written just now, and that is enough; else its process is ended here.</param>
    /// <exception cref="NodeActionException">It did not come back, or did not stay.</exception>
    public async Task RestartAsync(bool byKubelet, Action<string> said, CancellationToken cancel)
    {
        var old = scheduler.Find();
        if (old is not null && !byKubelet) Libc.Terminate(old.Id);
        var began = time.GetTimestamp();
        (int Id, long Since)? running = null;
        while (time.GetElapsedTime(began) < Patience)
        {
            var now = scheduler.Find();
            if (now is null || (now.Id == old?.Id && !(byKubelet && scheduler.IsYoungerThanManifest(now))))
            {
                running = null;
            }
            else if (running?.Id != now.Id)
            {
                running = (now.Id, time.GetTimestamp());
                said($"kube-scheduler runs as process {now.Id}");
            }
            else if (time.GetElapsedTime(running.Value.Since) >= Settled)
            {
                return;
            }
            await Task.Delay(LookEvery, time, cancel);
        }
        throw new NodeActionException(running is null
            ? $"kube-scheduler did not come back within {Patience.TotalMinutes:0} minutes."
            : "kube-scheduler starts again and again; see its log on this node.");
    }
}
