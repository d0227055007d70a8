using System.Collections.Immutable;
using Portal.Core.Agents;

namespace Portal.Agent.Link;

/// <summary>How commands stand that the portal has not answered for, by operation id.</summary>
public sealed record PendingReports(ImmutableDictionary<string, CommandReport> ById)
{
    public static readonly PendingReports None = new(ImmutableDictionary<string, CommandReport>.Empty);

    public PendingReports With(CommandReport report) => new(ById.SetItem(report.OperationId, report));

    /// <summary>Without a report that was answered; one that has taken its place meanwhile stays.</summary>
    public PendingReports Without(CommandReport answered) =>
        ReferenceEquals(ById.GetValueOrDefault(answered.OperationId), answered) ? new(ById.Remove(answered.OperationId)) : this;
}
