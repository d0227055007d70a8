using System.Collections.Immutable;
using Portal.Agent.Node;
using Portal.Core.Agents;
using Portal.Core.Lvm;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Agent.Commands;

/// <summary>One command: its steps in order, each journalled before it begins; when one fails, those before it are undone, the last first.</summary>
/// <param name="tell">Gets each new report.</param>
/// <param name="backUp">Describes the volume groups that were changed, at the end.</param>
internal sealed class CommandRun(
    INodeProbe node, CommandJournal journal, CommandRecord record, Action<CommandReport> tell,
    Func<CancellationToken, Task<ImmutableArray<VolumeGroupBackup>>> backUp)
{
    private CommandRecord _record = record;

    /// <summary>What was said before this run began, and what has been said since.</summary>
    private readonly List<StepOutput> _said = [.. record.Report.Steps];

    /// <param name="stop">Stops between two steps; what is left is done after the next start.</param>
    /// <param name="kill">Ends the program that runs.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken kill)
    {
        for (var next = _record.Begun; next < _record.Steps.Length; next++)
        {
            stop.ThrowIfCancellationRequested();
            var step = _record.Steps[next];
            _record = _record with { Begun = next + 1 };
            await journal.WriteAsync(_record, kill);
            if (await SayAsync(step.CommandLine, run => run.DoAsync(step, kill)) is not { } problem) continue;
            await UndoAsync(problem, withLast: false, kill);
            return;
        }
        await EndAsync(CommandState.Done, null, kill);
    }

    /// <param name="withLast">The last step that was begun may have had its effect: it is undone too, as far as there is something to undo.</param>
    public async Task UndoAsync(Message problem, bool withLast, CancellationToken kill)
    {
        var last = _record.Begun - 1;
        var failures = new List<Message>();
        var undone = 0;
        // kube-scheduler is started anew after its old file has been put back.
        foreach (var index in Enumerable.Range(0, Math.Max(0, last + 1)).OrderBy(index => IsRestart(index)).ThenByDescending(index => index))
        {
            var step = _record.Steps[index];
            if (step is { Undo: null, Action: null } || (index == last && !withLast && !IsRestart(index))) continue;
            var failure = await SayAsync(UndoLine(step), run => run.UndoAsync(step, kill));
            if (failure is null) undone++;
            else if (index != last) failures.Add(failure);
        }
        var isWhole = failures.Count == 0 && undone > 0 && _record.Steps.Take(Math.Max(0, last)).All(step => step is not { Undo: null, Action: null });
        await EndAsync(
            isWhole ? CommandState.RolledBack : CommandState.Failed, failures is [var first, ..] ? CommandTexts.UndoFailed(problem, first) : problem, kill);
    }

    public async Task EndAsync(CommandState state, Message? problem, CancellationToken cancel)
    {
        var report = _record.Report with { State = state, Problem = problem, Steps = [.. _said], Percent = null, Backups = await backUp(cancel) };
        _record = _record with { Report = report };
        await journal.WriteAsync(_record, cancel);
        tell(report);
    }

    private bool IsRestart(int index) => _record.Steps[index].Action is RestartScheduler;

    private static string UndoLine(NodeStep step) => step.Undo is { } words ? new NodeStep(step.Title, words).CommandLine : step.CommandLine;

    private async Task<Message?> SayAsync(string commandLine, Func<StepRun, Task<Message?>> act)
    {
        _said.Add(new(commandLine, null, ""));
        var run = new StepRun(node, commandLine, Heard);
        Heard(run);
        return await act(run);
    }

    private void Heard(StepRun run)
    {
        _said[^1] = new(run.CommandLine, run.ExitCode, run.Output);
        tell(_record.Report with { Steps = [.. _said], Percent = run.Percent });
    }
}
