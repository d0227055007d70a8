using System.Collections.Immutable;
using Portal.Agent.Node;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Tests.Portal.Agents;

/// <summary>Stands before a node: remembers the programs that ran to their end, and holds one up just before or just after that.</summary>
internal sealed class HeldProbe(INodeProbe node) : INodeProbe
{
    private readonly List<string> _ended = [];
    private Hold? _hold;

    public ImmutableArray<string> Ended
    {
        get { lock (_ended) return [.. _ended]; }
    }

    /// <param name="program">Which of the next ones, counted from 0.</param>
    public Hold HoldUp(int program, bool isAfter) => _hold = new Hold(program, isAfter);

    public async Task<int> RunAsync(ImmutableArray<string> words, Action<string> said, CancellationToken cancel)
    {
        var hold = _hold is { } next && next.IsDue() ? next : null;
        if (hold is { IsAfter: false }) await hold.PassAsync();
        var code = await node.RunAsync(words, said, cancel);
        if (code == 0)
        {
            lock (_ended) _ended.Add(string.Join(' ', words));
        }
        if (hold is { IsAfter: true }) await hold.PassAsync();
        return code;
    }

    public Task<NodeInventory> ReadInventoryAsync(bool forPlanning, CancellationToken cancel) => node.ReadInventoryAsync(forPlanning, cancel);

    public Task<NodeSample> ReadSampleAsync(CancellationToken cancel) => node.ReadSampleAsync(cancel);

    public Task ChangedAsync(CancellationToken cancel) => node.ChangedAsync(cancel);

    public Task<string> ReadMetadataAsync(string volumeGroup, CancellationToken cancel) => node.ReadMetadataAsync(volumeGroup, cancel);

    public Task ActAsync(AgentAction action, Action<string> said, CancellationToken cancel) => node.ActAsync(action, said, cancel);

    public Task UndoAsync(AgentAction action, Action<string> said, CancellationToken cancel) => node.UndoAsync(action, said, cancel);

    internal sealed class Hold(int program, bool isAfter)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = program;

        public bool IsAfter => isAfter;

        /// <summary>Completes when the program stands there.</summary>
        public Task Reached => _reached.Task;

        public void Open() => _go.TrySetResult();

        /// <summary>The agent is dead: it does not hear how the program went.</summary>
        public void Die() => _go.TrySetCanceled();

        public bool IsDue() => Interlocked.Decrement(ref _left) == -1;

        public Task PassAsync()
        {
            _reached.TrySetResult();
            return _go.Task;
        }
    }
}
