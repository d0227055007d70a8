using Portal.Operations;

namespace Portal.Components;

/// <summary>How operations read.</summary>
public static class OperationText
{
    public static string StateOf(OperationRecord operation) => operation switch
    {
        { State: OperationState.Running, IsStopping: true } => ComponentTexts.OperationStopping,
        { State: OperationState.Running } => ComponentTexts.OperationRunning,
        { State: OperationState.Done } => ComponentTexts.OperationDone,
        { State: OperationState.Failed } => ComponentTexts.OperationFailed,
        { State: OperationState.Cancelled } => ComponentTexts.OperationCancelled,
        _ => ComponentTexts.OperationInterrupted,
    };

    public static BadgeTone ToneOf(OperationRecord operation) => operation.State switch
    {
        OperationState.Running => BadgeTone.Busy,
        OperationState.Done => BadgeTone.Good,
        OperationState.Failed => BadgeTone.Bad,
        _ => BadgeTone.Warn,
    };

    /// <summary>Null, or why no operation on these subjects can be started now: another one works on them.</summary>
    public static string? WhyNotStart(OperationsState operations, params ReadOnlySpan<string> subjects) =>
        operations.RunningOn(subjects) is { } running ? ComponentTexts.OtherIsRunning(running.Title) : null;
}
