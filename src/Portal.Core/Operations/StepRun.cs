using Portal.Core.Cluster;
using Portal.Core.Texts;

namespace Portal.Core.Operations;

/// <summary>What a running step has at hand.</summary>
/// <param name="Cluster">Writes to the cluster, each journalled before it is sent.</param>
/// <param name="Report">Says what the step is doing or waiting for; replaces the previous report.</param>
public sealed record StepRun(OperationContext Context, UserCluster Cluster, Action<Message> Report)
{
    /// <summary>Says what has come of the step: it stays in the record when the step is done, where reports of what it was doing go.</summary>
    public Action<Message> Conclude { get; init; } = _ => { };

    /// <summary>Journals something that is done elsewhere than in the cluster, before it is done, or what came of it.</summary>
    public Func<string, CancellationToken, Task> NoteAsync { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>A person asked the operation to stop: waiting ends, a write that is under way does not.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Waits until the snapshot satisfies a condition. The condition returns null when it holds, else what is still missing, which
    /// is reported while waiting and becomes the failure when the time is over.</summary>
    public Task WaitUntilAsync(Func<ClusterSnapshot, Message?> whatIsMissing, TimeSpan limit, CancellationToken cancel) =>
        WaitUntilAsync(Context.Cluster, whatIsMissing, limit, cancel);

    /// <summary>The same for another snapshot.</summary>
    public async Task WaitUntilAsync<T>(Live<T> live, Func<T, Message?> whatIsMissing, TimeSpan limit, CancellationToken cancel) where T : class
    {
        var changed = new Signal();
        // Subscribe before reading Current, or a change between the two is lost.
        using var subscription = live.Subscribe(changed.Set);
        using var timer = new CancellationTokenSource(limit, Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel, Stop);
        Message? reported = null;
        while (whatIsMissing(live.Current) is { } missing)
        {
            if (missing != reported) Report(reported = missing);
            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancel.IsCancellationRequested && !Stop.IsCancellationRequested)
            {
                throw new OperationFailedException(missing);
            }
        }
    }
}
