using System.Collections.Immutable;
using Portal.Agent.Node;
using Portal.Agent.Programs;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Simulator.Life.Nodes.Agents;

/// <summary>A simulated node, as its agent knows it: the agent itself is the real one.</summary>
public sealed class SimulatedProbe : INodeProbe, IDisposable
{
    private readonly SimulatedNode _node;
    private readonly TimeProvider _time;
    private readonly Signal _changed = new();
    private readonly IDisposable _subscription;
    private NodeStorage _seen;
    private SimulatedKubeScheduler? _seenScheduler;

    public SimulatedProbe(SimulatedNode node, TimeProvider time)
    {
        (_node, _time, _seen, _seenScheduler) = (node, time, node.State.Current.Storage, node.State.Current.Scheduler);
        _subscription = node.State.Subscribe(NoteChange);
    }

    /// <summary>How full the file systems are that pods have mounted, by logical volume.</summary>
    internal Func<DateTimeOffset, IEnumerable<(string LogicalVolume, VolumeUsage Usage)>> Mounted { get; init; } = _ => [];

    public Task<NodeInventory> ReadInventoryAsync(bool forPlanning, CancellationToken cancel) =>
        Task.FromResult(new SimulatedInventory(_node, _node.State.Current, _node.Kernel.NumberOf).Read(_time.GetUtcNow()));

    public async Task<NodeSample> ReadSampleAsync(CancellationToken cancel)
    {
        var inventory = await ReadInventoryAsync(forPlanning: false, cancel);
        return _node.Kernel.Sample(inventory, Mounted(inventory.TakenAt));
    }

    public Task ChangedAsync(CancellationToken cancel) => _changed.WaitAsync(cancel);

    public Task<int> RunAsync(ImmutableArray<string> words, Action<string> said, CancellationToken cancel)
    {
        try
        {
            var answer = "";
            _node.Change(state =>
            {
                if (state.LvmFailure is { } failure) throw new ArgumentException(failure);
                var (storage, text) = SimulatedLvm.Run(state.Storage, [.. words.Select(Resolved)]);
                answer = text;
                return state with { Storage = storage };
            });
            foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)) said("  " + line);
            return Task.FromResult(0);
        }
        catch (ArgumentException refused)
        {
            said("  " + refused.Message.Split(" (Parameter")[0]);
            return Task.FromResult(5);
        }
    }

    public Task<string> ReadMetadataAsync(string volumeGroup, CancellationToken cancel) =>
        _node.State.Current.Storage.VolumeGroups.TryGetValue(volumeGroup, out var group)
            ? Task.FromResult($"# Simulated volume group\n{group.Name} {{\n\tdevices = \"{string.Join(' ', group.Devices)}\"\n}}\n")
            : throw new ProgramException($"vgcfgbackup failed (5): Volume group \"{volumeGroup}\" not found.");

    public Task ActAsync(AgentAction action, Action<string> said, CancellationToken cancel)
    {
        Change(state => action switch
        {
            MakeLoopFile make => state with { Storage = SimulatedLoopFiles.Made(state.Storage, make.Path, make.SizeBytes) },
            DeleteLoopFile delete => state with { Storage = SimulatedLoopFiles.Deleted(state.Storage, delete.Path) },
            ReplaceFile replace => state with { Scheduler = SimulatedSchedulerFile.Replaced(state.Scheduler, replace) },
            RestartScheduler => state with { Scheduler = SimulatedSchedulerFile.Restarted(state.Scheduler) },
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
        });
        if (action is RestartScheduler) Tell(said);
        return Task.CompletedTask;
    }

    public Task UndoAsync(AgentAction action, Action<string> said, CancellationToken cancel)
    {
        Change(state => action switch
        {
            MakeLoopFile make => state with { Storage = SimulatedLoopFiles.Deleted(state.Storage, make.Path) },
            ReplaceFile replace => state with { Scheduler = SimulatedSchedulerFile.PutBack(state.Scheduler, replace) },
            RestartScheduler => state with { Scheduler = SimulatedSchedulerFile.Restarted(state.Scheduler) },
            _ => state,
        });
        if (action is RestartScheduler) Tell(said);
        return Task.CompletedTask;
    }

    public void Dispose() => _subscription.Dispose();

    private void NoteChange()
    {
        var (storage, scheduler) = (_node.State.Current.Storage, _node.State.Current.Scheduler);
        if (Interlocked.Exchange(ref _seen, storage) != storage | Interlocked.Exchange(ref _seenScheduler, scheduler) != scheduler) _changed.Set();
    }

    private void Change(Func<NodeState, NodeState> change)
    {
        try
        {
            _node.Change(change);
        }
        catch (ArgumentException refused) when (refused is not ArgumentOutOfRangeException)
        {
            throw new NodeActionException(refused.Message);
        }
    }

    private void Tell(Action<string> said) => said($"kube-scheduler runs as process {1000 + _node.State.Current.Scheduler!.Starts}");

    // Plans name disks by what stays the same after a start of the node.
    private string Resolved(string word) =>
        _node.State.Current.Storage.Disks.FirstOrDefault(disk => SimulatedInventory.StablePath(_node, disk) == word)?.Device ?? word;
}
