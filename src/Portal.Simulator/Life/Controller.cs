using Microsoft.Extensions.Logging;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life;

// A behaviour of the cluster. It never reacts to an event: whatever changes, it looks at everything again and does what
// is missing, so no event can be lost and their order does not matter. It sleeps until something changes or a delay of
// its own is over.

/// <summary>What all behaviours share: the loop that runs a pass after each change.</summary>
public abstract partial class Controller
{
    private readonly LifeContext _context;
    private TaskCompletionSource _wake = NewSignal();

    private protected Controller(string name, LifeContext context)
    {
        Name = name;
        _context = context;
        Delays = new Delays(context.Time);
        Retries = new Retries(Delays, context.Pace);
        Events = new EventRecorder(context.Client, context.Time, Name);
    }

    /// <summary>The component this behaviour plays: the field manager of its writes, and the source of its events.</summary>
    public string Name { get; }

    private protected LifeContext Context => _context;

    private protected ClusterObjects Objects => _context.Objects;

    private protected KubeClient Client => _context.Client;

    private protected Delays Delays { get; }

    private protected Retries Retries { get; }

    private protected EventRecorder Events { get; }

    private protected WriteOptions Writes => new() { FieldManager = Name };

    private protected DateTimeOffset Now => _context.Time.GetUtcNow();

    /// <summary>Runs passes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var objects = Objects.Subscribe(Wake);
        using var nodes = new Subscriptions(_context.Nodes.Select(node => node.State.Subscribe(Wake)));
        while (!cancel.IsCancellationRequested)
        {
            // Before the pass: a change while it is under way must not be lost.
            Volatile.Write(ref _wake, NewSignal());
            var rest = Objects.IsSynced ? await PassAsync(cancel) : null;
            await SleepAsync(rest, cancel);
        }
    }

    /// <summary>Compares what is with what should be, and does what is missing.</summary>
    private protected abstract Task ReconcileAsync(CancellationToken cancel);

    /// <summary>Does one thing of a pass; when the API refuses, the others still happen and this one is tried again after a back-off.</summary>
    private protected async Task AttemptAsync(string thing, Func<Task> work)
    {
        if (!Retries.MayTry(thing)) return;
        try
        {
            var failures = Retries.FailuresOf(thing);
            await work();
            // The work itself may have counted a failure that was no refusal.
            if (Retries.FailuresOf(thing) == failures) Retries.Succeeded(thing);
        }
        catch (KubeException refused)
        {
            // A copy that is a moment old leads to these; the change that it lacks wakes the next pass.
            if (refused.IsNotFound || refused.IsConflict || refused.IsAlreadyExists)
            {
                Delays.IsOver("stale " + thing, TimeSpan.FromSeconds(1));
                return;
            }
            Refused(_context.Log, Name, thing, refused.Message);
            Retries.Failed(thing);
        }
    }

    /// <summary>One pass; returns how long to sleep when nothing changes, null for as long as that takes.</summary>
    private async Task<TimeSpan?> PassAsync(CancellationToken cancel)
    {
        try
        {
            Delays.BeginPass();
            await ReconcileAsync(cancel);
            return Delays.EndPass();
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            Unreachable(_context.Log, Name, broken.Message);
            return TimeSpan.FromSeconds(1);
        }
    }

    private void Wake() => Volatile.Read(ref _wake).TrySetResult();

    private async Task SleepAsync(TimeSpan? limit, CancellationToken cancel)
    {
        try
        {
            await Volatile.Read(ref _wake).Task.WaitAsync(limit ?? Timeout.InfiniteTimeSpan, _context.Time, cancel);
        }
        catch (TimeoutException)
        {
            // A delay is over.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Debug, "{Controller} was refused {Thing}: {Problem}")]
    private static partial void Refused(ILogger log, string controller, string thing, string problem);

    [LoggerMessage(LogLevel.Debug, "{Controller} cannot reach the API server: {Problem}")]
    private static partial void Unreachable(ILogger log, string controller, string problem);
}
