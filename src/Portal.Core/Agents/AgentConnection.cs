using Portal.Core.NodeCommands;

namespace Portal.Core.Agents;

/// <summary>The way to one agent, as long as its connection stands.</summary>
/// <param name="node">The node it has proved to speak for.</param>
public abstract class AgentConnection(string node)
{
    public string Node { get; } = node;

    /// <exception cref="AgentUnreachableException">The connection broke before the answer came.</exception>
    public abstract Task<NodePlan> PlanAsync(NodeCommand command, CancellationToken cancel);

    /// <inheritdoc cref="PlanAsync"/>
    public abstract Task<CommandReport> ExecuteAsync(CommandRequest request, CancellationToken cancel);

    /// <inheritdoc cref="PlanAsync"/>
    public abstract Task RefreshAsync(CancellationToken cancel);

    /// <summary>Says how often samples are wanted. An agent that does not hear of it is told when it connects next.</summary>
    public abstract void SetPace(TimeSpan sampleEvery);

    /// <summary>Ends the connection; the agent may come back.</summary>
    public abstract void Abort();
}
