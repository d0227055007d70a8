using Microsoft.Extensions.Logging;

namespace Portal.Core.Kubernetes;

// An informer lists a kind once, page by page, and then watches it from the list's resourceVersion on. Each event and each
// bookmark moves the resourceVersion, so a watch that ends, breaks or falls silent resumes where it was. Only when the server
// no longer has that version (410) the kind is listed anew; what was deleted meanwhile is not in the list and disappears.
// Every change swaps the immutable snapshot; events that arrive together become one snapshot.

/// <summary>Keeps a current copy of every object of one kind, and says how current it is.</summary>
public sealed partial class Informer<T>(KubeClient client, KubeKind<T> kind, ListQuery scope, TimeProvider time, ILogger logger) where T : IKubeObject
{
    private readonly InformerTiming _timing = new();
    private BackOff _backOff = new(TimeSpan.Zero, TimeSpan.Zero);
    private TaskCompletionSource _recheck = NewSignal();
    private string? _resumeAt;

    public InformerTiming Timing
    {
        get => _timing;
        init => _timing = value;
    }

    public Live<KindSnapshot<T>> Live { get; } = new(KindSnapshot<T>.Empty);

    /// <summary>Ends the current pause: a kind that was not served is looked for at once, a lost connection is tried at once.</summary>
    public void Recheck() => Volatile.Read(ref _recheck).TrySetResult();

    /// <summary>Runs until cancelled, whatever the server does; to be run once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        _backOff = new BackOff(Timing.FirstRetry, Timing.LongestRetry);
        while (!cancel.IsCancellationRequested)
        {
            // Before the request: a recheck that is asked for while it is under way must not be lost.
            Volatile.Write(ref _recheck, NewSignal());
            try
            {
                await PauseAsync(await ListOrWatchAsync(cancel), cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>One list or one watch; returns how long to wait before the next.</summary>
    private async Task<TimeSpan> ListOrWatchAsync(CancellationToken cancel)
    {
        try
        {
            if (_resumeAt is null) return await RelistAsync(cancel);
            return await FollowAsync(_resumeAt, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (KubeException gone) when (_resumeAt is not null && (gone.IsExpired || gone.IsNotFound))
        {
            LogRelist(kind, gone.Message);
            _resumeAt = null;
            return _backOff.Next();
        }
        catch (Exception problem)
        {
            var pause = _backOff.Next();
            if (problem is KubeException { RetryAfter: { } asked } && asked > pause) pause = asked;
            LogProblem(kind, pause, problem);
            Live.Publish(Live.Current with { Freshness = Live.Current.Freshness with { Problem = problem } });
            return pause;
        }
    }

    private async Task<TimeSpan> RelistAsync(CancellationToken cancel)
    {
        KubeList<T> list;
        try
        {
            list = await client.ListAllAsync(kind, scope with { Limit = Timing.PageSize }, cancel);
        }
        catch (KubeException unknown) when (unknown.IsNotFound)
        {
            _backOff.Reset();
            Live.Publish(KindSnapshot<T>.Empty with { Freshness = new(time.GetUtcNow(), null), IsServed = false });
            return Timing.LookForKindEvery;
        }
        var known = Live.Current.Items;
        var items = KindSnapshot<T>.Empty.Items.ToBuilder();
        foreach (var item in list.Items)
        {
            var name = item.Metadata.ObjectName;
            items[name] = known.TryGetValue(name, out var same) && IsSame(same.Metadata, item.Metadata) ? same : item;
        }
        _resumeAt = list.ResourceVersion;
        _backOff.Reset();
        LogListed(kind, items.Count, list.ResourceVersion);
        Live.Publish(new(items.ToImmutable(), new(time.GetUtcNow(), null)));
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> FollowAsync(string from, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        var sawEvents = false;
        using var silence = new CancellationTokenSource(Timing.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancel);
        try
        {
            using var watch = await client.OpenWatchAsync(kind, scope, from, Timing.WatchTimeout * (1 + Random.Shared.NextDouble()), either.Token);
            if (Live.Current.Freshness.Problem is not null)
                Live.Publish(Live.Current with { Freshness = Live.Current.Freshness with { Problem = null } });
            while (await watch.ReadAsync(either.Token) is { } events)
            {
                silence.CancelAfter(Timing.Silence);
                Fold(events);
                _backOff.Reset();
                sawEvents = true;
            }
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"The watch of {kind} was silent for {Timing.Silence.TotalSeconds:0} s.");
        }
        // A server that ends each watch at once would be asked in a tight loop.
        return sawEvents || time.GetElapsedTime(begun) >= TimeSpan.FromSeconds(1) ? TimeSpan.Zero : _backOff.Next();
    }

    private void Fold(IReadOnlyList<WatchEvent<T>> events)
    {
        var items = Live.Current.Items.ToBuilder();
        foreach (var (type, item) in events)
        {
            if (type is WatchEventType.Added or WatchEventType.Modified) items[item.Metadata.ObjectName] = item;
            if (type is WatchEventType.Deleted) items.Remove(item.Metadata.ObjectName);
            if (item.Metadata.ResourceVersion.Length > 0) _resumeAt = item.Metadata.ResourceVersion;
        }
        LogEvents(kind, events.Count);
        Live.Publish(new(items.ToImmutable(), new(time.GetUtcNow(), null)));
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        if (pause <= TimeSpan.Zero) return;
        try
        {
            await Volatile.Read(ref _recheck).Task.WaitAsync(pause, time, cancel);
        }
        catch (TimeoutException)
        {
            // The pause is over.
        }
    }

    /// <summary>An object that did not change stays the same instance, so that readers may compare by reference.</summary>
    private static bool IsSame(ObjectMeta one, ObjectMeta other) => one.Uid == other.Uid && one.ResourceVersion == other.ResourceVersion;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Debug, "Listed {Kind}: {Count} objects at {ResourceVersion}")]
    private partial void LogListed(KubeKind kind, int count, string resourceVersion);

    [LoggerMessage(LogLevel.Debug, "Received {Count} events of {Kind}")]
    private partial void LogEvents(KubeKind kind, int count);

    [LoggerMessage(LogLevel.Information, "Listing {Kind} anew: {Reason}")]
    private partial void LogRelist(KubeKind kind, string reason);

    [LoggerMessage(LogLevel.Debug, "{Kind} is not kept current; next try in {Pause}")]
    private partial void LogProblem(KubeKind kind, TimeSpan pause, Exception problem);
}
