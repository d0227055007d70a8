using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using Portal.Core.Texts;

namespace Portal.Tests.Core.NodeCommands;

/// <summary>An agent in the test's own process: it plans on an inventory, remembers what it has done, and changes the inventory by it.</summary>
internal sealed class PlayedAgent(AgentRegistry agents, string node, NodeInventory inventory) : AgentConnection(node)
{
    private readonly Dictionary<string, CommandReport> _done = [];

    public NodeInventory Inventory { get; set; } = inventory;

    /// <summary>What an executed command makes of the node.</summary>
    public Func<NodeInventory, NodeInventory> Effect { get; init; } = node => node;

    public CommandState Ends { get; init; } = CommandState.Done;

    /// <summary>As many answers to Execute are lost on the way, after the command was done.</summary>
    public int LostAnswers { get; set; }

    public int Executed { get; private set; }

    public void Connect() => agents.Connect(this, new AgentHello(AgentContract.Version, Node, "instance", "spool", "0.1.0"));

    public override Task<NodePlan> PlanAsync(NodeCommand command, CancellationToken cancel) =>
        Task.FromResult(NodePlanner.Plan(command, Inventory, NodeLimits.Default));

    public override Task<CommandReport> ExecuteAsync(CommandRequest request, CancellationToken cancel)
    {
        if (!_done.TryGetValue(request.OperationId, out var report)) _done[request.OperationId] = report = Execute(request);
        if (LostAnswers-- <= 0) return Task.FromResult(report);
        agents.Disconnect(this);
        throw new AgentUnreachableException(AgentTexts.Offline(Node));
    }

    public override Task RefreshAsync(CancellationToken cancel)
    {
        agents.Report(this, Inventory);
        return Task.CompletedTask;
    }

    public override void SetPace(TimeSpan sampleEvery)
    {
    }

    public override void Abort()
    {
    }

    private CommandReport Execute(CommandRequest request)
    {
        var plan = NodePlanner.Plan(request.Command, Inventory, NodeLimits.Default);
        if (plan.Fingerprint != request.Fingerprint)
            return new(request.OperationId, CommandState.Refused, Message.Verbatim("The node has changed since."), []);
        Executed++;
        Inventory = Effect(Inventory);
        var problem = Ends == CommandState.Done ? null : Message.Verbatim("The disk did not answer.");
        return new(request.OperationId, Ends, problem, [.. plan.Steps.Select(step => new StepOutput(step.CommandLine, 0, "as asked"))]);
    }
}
