using Microsoft.Extensions.Logging;
using Portal.Agent.Commands;
using Portal.Agent.Inventory;
using Portal.Agent.Link;
using Portal.Agent.Node;
using Portal.Agent.Spool;
using Portal.Core;
using Portal.Core.NodeCommands;

namespace Portal.Agent;

/// <summary>The whole agent of one node, real or simulated: it watches, samples, carries out commands, and keeps the portal informed.</summary>
public sealed class AgentHost(INodeProbe node, AgentOptions options, LinkOptions link, TimeProvider time, ILoggerFactory loggers)
{
    private readonly Live<LinkState> _state = new(LinkState.Down);

    /// <summary>Whether the portal has welcomed the agent.</summary>
    public Live<LinkState> State => _state;

    /// <summary>Returns when it was told to stop, after a program that runs has had time to end.</summary>
    /// <exception cref="IOException">The state directory cannot be used, or another agent uses it.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var spool = new SampleSpool(Path.Combine(options.StateDirectory, "samples"), options.SpoolLimitBytes, time);
        using var inventory = new InventoryWatch(node, time);
        var journal = await CommandJournal.LoadAsync(Path.Combine(options.StateDirectory, "commands"), cancel);
        await using var executor = new CommandExecutor(node, (command, read) => NodePlanner.Plan(command, read, read.Limits), journal, inventory, time);
        var sampler = new Sampler(node, spool, time, loggers.CreateLogger<Sampler>());
        var wire = new AgentLink(link, Duties(inventory, executor, sampler), spool, time, loggers.CreateLogger<AgentLink>());
        using var forward = wire.State.Subscribe(() => _state.Publish(wire.State.Current));
        await inventory.RefreshAsync(cancel);
        await executor.ResumeAsync(cancel);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] work = [inventory.RunAsync(end.Token), sampler.RunAsync(end.Token), wire.RunAsync(end.Token)];
        var first = await Task.WhenAny(work);
        await end.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        await first;
    }

    private static AgentDuties Duties(InventoryWatch inventory, CommandExecutor executor, Sampler sampler) => new()
    {
        Inventory = inventory.Live,
        Reports = executor.Reports,
        Answered = executor.Answered,
        PlanAsync = executor.PlanAsync,
        ExecuteAsync = executor.ExecuteAsync,
        RefreshAsync = inventory.RefreshAsync,
        SetPace = sampler.SetPace,
    };
}
