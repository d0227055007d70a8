using Portal.Agent.Loops;
using Portal.Agent.Programs;
using Portal.Agent.Scheduler;
using Portal.Core.NodeCommands;

namespace Portal.Agent.Node;

/// <summary>Does and undoes what no program does: one line per kind of action.</summary>
internal sealed class NodeActions(LoopKeeper loops, FileReplacement files, SchedulerRestart scheduler)
{
    /// <inheritdoc cref="INodeProbe.ActAsync"/>
    public Task ActAsync(AgentAction action, Action<string> said, CancellationToken cancel) => TellAsync(() => action switch
    {
        MakeLoopFile make => loops.MakeFileAsync(make, said, cancel),
        DeleteLoopFile delete => loops.DeleteFileAsync(delete.Path, cancel),
        ReplaceFile replace => files.ReplaceAsync(replace, cancel),
        RestartScheduler restart => scheduler.RestartAsync(restart.ByKubelet, said, cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    });

    /// <inheritdoc cref="INodeProbe.UndoAsync"/>
    public Task UndoAsync(AgentAction action, Action<string> said, CancellationToken cancel) => TellAsync(() => action switch
    {
        MakeLoopFile make => loops.DeleteFileAsync(make.Path, cancel),
        DeleteLoopFile => Task.CompletedTask,
        ReplaceFile replace => files.PutBackAsync(replace, cancel),
        RestartScheduler restart => scheduler.RestartAsync(restart.ByKubelet, said, cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    });

    private static async Task TellAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ProgramException)
        {
            throw new NodeActionException(failure.Message, failure);
        }
    }
}
