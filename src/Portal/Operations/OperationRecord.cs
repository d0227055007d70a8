using System.Collections.Immutable;
using Portal.Core.Texts;

namespace Portal.Operations;

public enum OperationState
{
    Running,
    Done,
    Failed,

    /// <summary>A person stopped it between two steps.</summary>
    Cancelled,

    /// <summary>The portal ended while it ran; it can be resumed.</summary>
    Interrupted,
}

public enum StepState
{
    Waiting,
    Running,
    Done,
    Failed,
}

/// <summary>An operation as the journal has it, and as every open page shows it.</summary>
public sealed record OperationRecord(
    long Id, string Kind, Message Title, string StartedBy, DateTimeOffset StartedAt, OperationState State, ImmutableArray<StepRecord> Steps)
{
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed, and what to do next.</summary>
    public Message? Problem { get; init; }

    /// <summary>A person asked it to stop; it stops after the running step.</summary>
    public bool IsStopping { get; init; }

    /// <summary>As <see cref="Core.Operations.Operation.Subjects"/>; known while it runs.</summary>
    public ImmutableArray<string> Subjects { get; init; } = [""];

    /// <summary>Whether it works on a subject, or on something below it.</summary>
    public bool IsOn(string subject) => Subjects.Any(taken => OperationsState.IsWithin(taken, subject));

    public bool CanResume => State is OperationState.Failed or OperationState.Cancelled or OperationState.Interrupted;
}

/// <summary>One step of an operation.</summary>
public sealed record StepRecord(string Id, Message Title, StepState State)
{
    /// <summary>What the step is doing or waiting for; the reason when it failed; what came of it when it is done.</summary>
    public Message? Report { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Writes to the cluster, in order, as the journal recorded them before they were sent.</summary>
    public ImmutableArray<Effect> Effects { get; init; } = [];
}

public sealed record Effect(DateTimeOffset At, string Text);

/// <summary>The latest operations, newest first.</summary>
public sealed record OperationsState(ImmutableArray<OperationRecord> Operations)
{
    public static readonly OperationsState Empty = new([]);

    public IEnumerable<OperationRecord> Running => Operations.Where(operation => operation.State == OperationState.Running);

    /// <summary>The running operation that keeps another one on these subjects from starting; null when none does.</summary>
    public OperationRecord? RunningOn(params ReadOnlySpan<string> subjects)
    {
        foreach (var running in Running)
        {
            foreach (var subject in subjects)
                if (running.Subjects.Any(taken => IsWithin(taken, subject) || IsWithin(subject, taken))) return running;
        }
        return null;
    }

    public OperationRecord? Find(long id) => Operations.FirstOrDefault(operation => operation.Id == id);

    public OperationsState With(OperationRecord changed) => Find(changed.Id) is { } old
        ? new(Operations.Replace(old, changed))
        : new(Operations.Insert(0, changed));

    internal static bool IsWithin(string inner, string outer) =>
        outer.Length == 0 || (inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] == '/'));
}
