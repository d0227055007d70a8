using System.Collections.Immutable;
using Portal.Agent.Inventory;
using Portal.Agent.Link;
using Portal.Agent.Node;
using Portal.Agent.Programs;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Lvm;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Install;

namespace Portal.Agent.Commands;

// A command is planned anew at the moment it is to be done. Only when the new plan has the fingerprint that the person confirmed is it written
// down and begun; from then on it is this agent's to end, with or without the portal, through stops and restarts, and it is never done again.

/// <summary>Carries out commands, one at a time, each once.</summary>
/// <param name="plan">Pure; see <see cref="NodePlanner"/>.</param>
public sealed class CommandExecutor(
    INodeProbe node, Func<NodeCommand, NodeInventory, NodePlan> plan, CommandJournal journal, InventoryWatch inventory, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a stopping agent lets a program end by itself.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private Task _running = Task.CompletedTask;
    private CommandReport? _current;

    /// <summary>Reports that the portal has not answered for.</summary>
    public Live<PendingReports> Reports { get; } = new(PendingReports.None);

    /// <summary>What a command would do now.</summary>
    public async Task<NodePlan> PlanAsync(NodeCommand command, CancellationToken cancel) =>
        plan(command, await node.ReadInventoryAsync(forPlanning: true, cancel));

    /// <summary>Begins a command, or tells how it stands when it was begun before.</summary>
    public async Task<CommandReport> ExecuteAsync(CommandRequest request, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (journal.Find(request.OperationId) is { } known) return _current is { } now && now.OperationId == known.OperationId ? now : known.Report;
            var record = new CommandRecord(request, new(request.OperationId, CommandState.Running, null, []), time.GetUtcNow());
            if (!_running.IsCompleted) return await RefuseAsync(record, CommandTexts.Busy, cancel);
            var before = await node.ReadInventoryAsync(forPlanning: true, cancel);
            var planned = plan(request.Command, before);
            if (planned.IsRefused) return await RefuseAsync(record, Sentences.Join(planned.Refusals), cancel);
            if (planned.Fingerprint != request.Fingerprint) return await RefuseAsync(record, CommandTexts.NodeChanged, cancel);
            record = record with { Steps = planned.Steps };
            await journal.WriteAsync(record, cancel);
            Begin(record, before, run => run.RunAsync(_stop.Token, _kill.Token));
            return record.Report;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends what a stop of the agent has cut off, and tells again what the portal has not answered for. Once, at the start.</summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            foreach (var ended in journal.Records.Where(record => record.HasEnded && !journal.IsTold(record.OperationId))) Tell(ended.Report);
            if (journal.Records.FirstOrDefault(record => !record.HasEnded) is not { } cut) return;
            var before = await node.ReadInventoryAsync(forPlanning: true, cancel);
            var rest = Remainder.Of(cut, plan(cut.Request.Command, before), before);
            if (Remainder.WhyNot(cut, rest) is { } why) Begin(cut, before, run => run.UndoAsync(why, withLast: true, _kill.Token));
            else Begin(Remainder.Of(cut, rest), before, run => run.RunAsync(_stop.Token, _kill.Token));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The portal knows of a report.</summary>
    public void Answered(CommandReport report)
    {
        if (report.State != CommandState.Running) journal.MarkTold(report.OperationId);
        Reports.Update(pending => pending.Without(report));
    }

    /// <summary>Lets the program that runs end by itself for a while; the command goes on after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _kill.CancelAfter(Grace);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _kill.Dispose();
        _gate.Dispose();
    }

    private void Begin(CommandRecord record, NodeInventory before, Func<CommandRun, Task> act)
    {
        Tell(record.Report);
        _running = EndAsync(record, act(new(node, journal, record, Tell, cancel => LookAsync(before, cancel))));
    }

    private async Task EndAsync(CommandRecord record, Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It goes on after the next start.
        }
        catch (IOException failure)
        {
            // What cannot be written down is not done: the journal's disk is full, or fails.
            Tell(record.Report with { State = CommandState.Failed, Problem = Message.Verbatim(failure.Message) });
        }
    }

    private async Task<CommandReport> RefuseAsync(CommandRecord record, Message why, CancellationToken cancel)
    {
        record = record with { Report = record.Report with { State = CommandState.Refused, Problem = why } };
        await journal.WriteAsync(record, cancel);
        Tell(record.Report);
        return record.Report;
    }

    private void Tell(CommandReport report)
    {
        _current = report;
        Reports.Update(pending => pending.With(report));
    }

    // The node is looked at before the end is told: whoever hears of the end finds the node as it is.
    private async Task<ImmutableArray<VolumeGroupBackup>> LookAsync(NodeInventory before, CancellationToken cancel)
    {
        await inventory.RefreshAsync(cancel);
        var backups = ImmutableArray.CreateBuilder<VolumeGroupBackup>();
        foreach (var group in inventory.Live.Current.VolumeGroups)
        {
            if (before.FindVolumeGroup(group.Name) == group) continue;
            try
            {
                backups.Add(new(group.Name, await node.ReadMetadataAsync(group.Name, cancel)));
            }
            catch (Exception failure) when (failure is ProgramException or IOException)
            {
                // The group cannot be described at this moment; what was done stays done, and the next change describes it.
            }
        }
        return backups.ToImmutable();
    }
}
