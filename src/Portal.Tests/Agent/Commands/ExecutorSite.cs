using Portal.Agent.Commands;
using Portal.Agent.Inventory;
using Portal.Agent.Node;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Commands;

/// <summary>An executor on real disks, with the real planner; started again, it finds what it wrote down.</summary>
internal sealed class ExecutorSite(RealDisks disks, CancellationToken cancel) : IAsyncDisposable
{
    private INodeProbe _node = null!;
    private InventoryWatch _inventory = null!;
    private CommandJournal _journal = null!;

    public CommandExecutor Executor { get; private set; } = null!;

    // Small disks do for tests, and the machine may be fuller than a node.
    private NodeLimits Limits => new() { LoopDirectory = disks.Options.LoopDirectory, MinimumDiskBytes = 1 << 20, FreeShare = 0.01 };

    /// <param name="probe">Stands before the real node.</param>
    public async Task<ExecutorSite> StartAsync(Func<INodeProbe, INodeProbe>? probe = null)
    {
        var real = new LinuxNode(disks.Options, TimeProvider.System);
        _node = probe?.Invoke(real) ?? real;
        _inventory = new(_node, TimeProvider.System);
        _journal = await CommandJournal.LoadAsync(disks.FileOf("commands"), cancel);
        Executor = new(_node, Plan, _journal, _inventory, TimeProvider.System);
        await Executor.ResumeAsync(cancel);
        return this;
    }

    public NodePlan Plan(NodeCommand command, NodeInventory inventory) => NodePlanner.Plan(command, inventory, Limits);

    /// <summary>Plans, confirms and waits for the end.</summary>
    public async Task<CommandReport> DoAsync(NodeCommand command)
    {
        var plan = await Executor.PlanAsync(command, cancel);
        Assert.Empty(plan.Refusals.Select(why => why.English));
        return await EndOfAsync(await Executor.ExecuteAsync(new(Guid.NewGuid().ToString(), command, plan.Fingerprint), cancel));
    }

    public async Task<CommandReport> EndOfAsync(CommandReport begun)
    {
        var end = begun;
        await Eventually.PassesAsync(() =>
        {
            end = Executor.Reports.Current.ById[begun.OperationId];
            Assert.True(end.State != CommandState.Running, string.Join('\n', end.Steps));
        }, cancel);
        return end;
    }

    public Task<NodeInventory> ReadAsync() => _node.ReadInventoryAsync(forPlanning: false, cancel);

    public async ValueTask DisposeAsync()
    {
        await Executor.DisposeAsync();
        _inventory.Dispose();
        (_node as IDisposable)?.Dispose();
    }
}
