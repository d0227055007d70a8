using System.Collections.Immutable;
using Portal.Core;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Operations;

/// <summary>One operation on its way through its steps: the journal is written first, then pages are shown, then the cluster is touched.</summary>
internal sealed class OperationRun(
    OperationRecord record, ImmutableArray<OperationStep> steps, OperationContext context, Journal journal, Live<OperationsState> live, TimeProvider time)
{
    // Reports come from the step's own task, effects too: one writer at a time, but not always on one thread.
    private readonly Lock _gate = new();

    public OperationRecord Record { get; private set; } = record;

    /// <param name="stop">Ends the run between two steps, or while one only waits.</param>
    /// <param name="closing">Ends everything at once.</param>
    public async Task StepsAsync(CancellationToken stop, CancellationToken closing)
    {
        for (var ordinal = 0; ordinal < steps.Length; ordinal++)
        {
            stop.ThrowIfCancellationRequested();
            var at = ordinal;
            await SetAsync(at, step => step with { State = StepState.Running, StartedAt = time.GetUtcNow(), FinishedAt = null, Report = null }, closing);
            var cluster = new UserCluster(context.Client, (effect, cancel) => JournalAsync(at, effect, cancel));
            Message? result = null;
            var run = new StepRun(context, cluster, report => Change(at, step => step with { Report = report }))
            {
                Stop = stop,
                Conclude = said => result = said,
                NoteAsync = (text, cancel) => JournalAsync(at, text, cancel),
            };
            await steps[at].RunAsync(run, closing);
            await SetAsync(at, step => step with { State = StepState.Done, Report = result, FinishedAt = time.GetUtcNow() }, closing);
        }
    }

    public async Task EndAsync(OperationState state, Message? problem, CancellationToken closing)
    {
        var now = time.GetUtcNow();
        var ended = Record with
        {
            State = state,
            Problem = problem,
            FinishedAt = now,
            IsStopping = false,
            Steps = [.. Record.Steps.Select(step => step.State != StepState.Running ? step
                : state == OperationState.Failed ? step with { State = StepState.Failed, FinishedAt = now, Report = problem }
                : step with { State = StepState.Waiting, StartedAt = null, Report = null })],
        };
        await journal.SaveAsync(ended, closing);
        Publish(ended);
    }

    private async Task JournalAsync(int ordinal, string text, CancellationToken cancel)
    {
        var effect = new Effect(time.GetUtcNow(), text);
        await journal.AddEffectAsync(Record.Id, steps[ordinal].Id, effect, cancel);
        Change(ordinal, step => step with { Effects = step.Effects.Add(effect) });
    }

    private async Task SetAsync(int ordinal, Func<StepRecord, StepRecord> change, CancellationToken cancel)
    {
        var step = change(Record.Steps[ordinal]);
        await journal.SaveStepAsync(Record.Id, ordinal, step, cancel);
        Change(ordinal, _ => step);
    }

    private void Change(int ordinal, Func<StepRecord, StepRecord> change)
    {
        lock (_gate)
        {
            // A stop that was asked for stands in the shown record alone.
            var stopping = live.Current.Find(Record.Id)?.IsStopping ?? false;
            Publish(Record with { Steps = Record.Steps.SetItem(ordinal, change(Record.Steps[ordinal])), IsStopping = stopping });
        }
    }

    private void Publish(OperationRecord next)
    {
        Record = next;
        live.Update(operations => operations.With(next));
    }
}
