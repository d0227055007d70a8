using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.NodeCommands;

namespace Portal.Agent.Commands;

/// <summary>What the agent remembers of a command.</summary>
/// <param name="Report">How it stands.</param>
public sealed record CommandRecord(CommandRequest Request, CommandReport Report, DateTimeOffset AcceptedAt)
{
    /// <summary>As they were planned.</summary>
    public ImmutableArray<NodeStep> Steps { get; init; } = [];

    /// <summary>How many of them were begun. Written before each: the last of them may have had its effect, or not.</summary>
    public int Begun { get; init; }

    public string OperationId => Request.OperationId;

    public bool HasEnded => Report.State != CommandState.Running;
}
