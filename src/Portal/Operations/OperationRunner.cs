using System.Collections.Concurrent;
using System.Collections.Immutable;
using Portal.Core;
using Portal.Core.Kubernetes;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Database;

namespace Portal.Operations;

// Runs operations, side by side where they work on different things. The journal is written first, the record that pages show is swapped after it, the cluster
// is touched last. When the process dies, the journal still says Running; the next start turns that into Interrupted and a
// person resumes it: the steps are planned anew and run from the first, each finding what is already so.

/// <summary>Starts, resumes and stops operations, and shows them live to every page.</summary>
public sealed partial class OperationRunner(
    Journal journal, IEnumerable<OperationKind> kinds, Func<OperationContext> context, TimeProvider time, ILogger<OperationRunner> logger) : IHostedService, IDisposable
{
    private const int Shown = 200;
    private static readonly TimeSpan EndAgainAfter = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<long, CancellationTokenSource> _stops = new();
    private readonly ConcurrentDictionary<long, Task> _running = new();

    public Live<OperationsState> Live { get; } = new(OperationsState.Empty);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var kept = await journal.LoadAsync(Shown, cancellationToken);
        foreach (var ended in kept.Operations.Where(operation => operation.CanResume))
            kept = kept.With(ended with { Subjects = await SubjectsAsync(ended, cancellationToken) });
        Live.Publish(kept);
        foreach (var cut in Live.Current.Operations.Where(operation => operation.State == OperationState.Interrupted)) LogInterrupted(cut.Id, cut.Title.English);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _closing.CancelAsync();
        await Task.WhenAll(_running.Values).WaitAsync(cancellationToken);
    }

    /// <summary>Plans and starts an operation, and returns its id.</summary>
    /// <exception cref="OperationFailedException">Another one works on the same, or the plan says why it cannot be done.</exception>
    public Task<long> StartAsync(Operation operation, string startedBy, CancellationToken cancel) => OneByOneAsync(async () =>
    {
        RefuseWhileBusy(operation);
        var steps = await PlanAsync(operation, cancel);
        var record = new OperationRecord(0, operation.Kind, operation.Title, startedBy, time.GetUtcNow(), OperationState.Running, Waiting(steps, []))
        {
            Subjects = operation.Subjects,
        };
        record = await journal.BeginAsync(operation, record, cancel);
        Launch(record, steps);
        return record.Id;
    }, cancel);

    /// <summary>Plans an operation that ended early once more, and runs it to its end.</summary>
    /// <exception cref="OperationFailedException">Another one works on the same, it has ended well, or the plan says why it cannot be done.</exception>
    public Task ResumeAsync(long id, CancellationToken cancel) => OneByOneAsync(async () =>
    {
        if (Live.Current.Find(id) is not { CanResume: true } record) throw new OperationFailedException(OperationTexts.NotResumable(id));
        var kind = kinds.Single(kind => kind.Kind == record.Kind);
        var operation = kind.FromJson(await journal.ParametersAsync(id, cancel));
        RefuseWhileBusy(operation);
        var steps = await PlanAsync(operation, cancel);
        record = record with
        {
            State = OperationState.Running,
            FinishedAt = null,
            Problem = null,
            IsStopping = false,
            Subjects = operation.Subjects,
            Steps = Waiting(steps, record.Steps),
        };
        await journal.SaveAsync(record, cancel);
        Launch(record, steps);
        return id;
    }, cancel);

    /// <summary>Stops a running operation before its next step, or at once where it only waits.</summary>
    public async Task CancelAsync(long id)
    {
        if (!_stops.TryGetValue(id, out var stop)) return;
        Live.Update(operations => operations.Find(id) is { State: OperationState.Running } record ? operations.With(record with { IsStopping = true }) : operations);
        await stop.CancelAsync();
    }

    public void Dispose()
    {
        _closing.Dispose();
        _starting.Dispose();
    }

    // Of two starts at the same time, the second sees what the first works on.
    private async Task<long> OneByOneAsync(Func<Task<long>> start, CancellationToken cancel)
    {
        await _starting.WaitAsync(cancel);
        try
        {
            return await start();
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed))
        {
            LogNotStarted(failed);
            throw new OperationFailedException(DatabaseTexts.NotWritten);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<ImmutableArray<string>> SubjectsAsync(OperationRecord record, CancellationToken cancel) =>
        kinds.FirstOrDefault(kind => kind.Kind == record.Kind)?.FromJson(await journal.ParametersAsync(record.Id, cancel)).Subjects ?? [""];

    private void RefuseWhileBusy(Operation operation)
    {
        if (Live.Current.RunningOn(operation.Subjects.AsSpan()) is { } busy) throw new OperationFailedException(OperationTexts.Busy(busy.Title));
    }

    private async Task<ImmutableArray<OperationStep>> PlanAsync(Operation operation, CancellationToken cancel)
    {
        try
        {
            return await operation.PlanAsync(context(), cancel);
        }
        catch (Exception refused) when (refused is KubeException or HttpRequestException)
        {
            throw new OperationFailedException(KubeProblem.Explain(refused));
        }
    }

    private static ImmutableArray<StepRecord> Waiting(ImmutableArray<OperationStep> steps, ImmutableArray<StepRecord> before) =>
    [
        .. steps.Select(step => new StepRecord(step.Id, step.Title, StepState.Waiting)
        {
            Effects = before.FirstOrDefault(old => old.Id == step.Id)?.Effects ?? [],
        }),
    ];

    private void Launch(OperationRecord record, ImmutableArray<OperationStep> steps)
    {
        var stop = _stops[record.Id] = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        Live.Update(operations => operations.With(record));
        LogStarted(record.Id, record.Title.English, record.StartedBy);
        _running[record.Id] = Task.Run(() => RunAsync(new OperationRun(record, steps, context(), journal, Live, time), stop), CancellationToken.None);
    }

    private async Task RunAsync(OperationRun run, CancellationTokenSource stop)
    {
        var (state, problem) = (OperationState.Done, (Message?)null);
        try
        {
            await run.StepsAsync(stop.Token, _closing.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            state = OperationState.Cancelled;
        }
        catch (OperationFailedException failed)
        {
            (state, problem) = (OperationState.Failed, failed.Problem);
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed))
        {
            (state, problem) = (OperationState.Failed, DatabaseTexts.StoppedByDatabase);
            LogFailed(failed, run.Record.Id, run.Record.Title.English);
        }
        catch (Exception failed)
        {
            (state, problem) = (OperationState.Failed, KubeProblem.Explain(failed));
            LogFailed(failed, run.Record.Id, run.Record.Title.English);
        }
        finally
        {
            _stops.TryRemove(run.Record.Id, out _);
            stop.Dispose();
        }
        await EndAsync(run, state, problem);
        _running.TryRemove(run.Record.Id, out _);
    }

    private async Task EndAsync(OperationRun run, OperationState state, Message? problem)
    {
        try
        {
            while (true)
            {
                try
                {
                    await run.EndAsync(state, problem, _closing.Token);
                    break;
                }
                catch (Exception failed) when (DatabaseProblem.IsOf(failed))
                {
                    // It goes on being shown as running, and nothing else is let at the same things, until its end is written down.
                    await Task.Delay(EndAgainAfter, time, _closing.Token);
                }
            }
            LogEnded(run.Record.Id, run.Record.Title.English, state, problem?.English);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The portal closes in this moment: the journal still says Running, and the next start offers to resume.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An operation could not be written down, and was not started")]
    private partial void LogNotStarted(Exception failed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Operation {Id} \"{Title}\" was started by {StartedBy}")]
    private partial void LogStarted(long id, string title, string startedBy);

    [LoggerMessage(Level = LogLevel.Information, Message = "Operation {Id} \"{Title}\" ended: {State} {Problem}")]
    private partial void LogEnded(long id, string title, OperationState state, string? problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Operation {Id} \"{Title}\" failed")]
    private partial void LogFailed(Exception failed, long id, string title);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Operation {Id} \"{Title}\" was cut off when the portal ended; resume it in Activity")]
    private partial void LogInterrupted(long id, string title);
}
