using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Agent.Link;

/// <summary>What the link has to tell the portal, and whom it hands the portal's wishes to.</summary>
public sealed record AgentDuties
{
    /// <summary>Told after each connection and whenever it changes; of one that differs in its time alone, the time is told. The empty one is not told.</summary>
    public required Live<NodeInventory> Inventory { get; init; }

    /// <summary>How commands stand that the portal has not answered for; told until it has.</summary>
    public required Live<PendingReports> Reports { get; init; }

    /// <summary>The portal knows of a report.</summary>
    public required Action<CommandReport> Answered { get; init; }

    public required Func<NodeCommand, CancellationToken, Task<NodePlan>> PlanAsync { get; init; }

    public required Func<CommandRequest, CancellationToken, Task<CommandReport>> ExecuteAsync { get; init; }

    public required Func<CancellationToken, Task> RefreshAsync { get; init; }

    public required Action<TimeSpan> SetPace { get; init; }
}
