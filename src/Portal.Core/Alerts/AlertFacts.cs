using System.Collections.Immutable;
using Portal.Core.Agents;
using Portal.Core.Forecast;
using Portal.Core.Lvm;
using Portal.Core.Metrics;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Core.Alerts;

/// <summary>All that rules look at, as of one moment.</summary>
public sealed record AlertFacts(StorageState Storage, AgentsSnapshot Agents, AlertThresholds Thresholds, DateTimeOffset Now)
{
    /// <summary>What was measured last; null for what is old, or was never measured.</summary>
    public Func<SeriesKey, double?> Newest { get; init; } = _ => null;

    public IReadOnlyDictionary<Measured, FillForecast> Forecasts { get; init; } = ImmutableDictionary<Measured, FillForecast>.Empty;

    /// <summary>The last verification that came to an end.</summary>
    public VerificationOutcome? Verification { get; init; }

    /// <summary>What came of expansions by policy, of each volume the last.</summary>
    public ImmutableArray<AutoExpandOutcome> AutoExpansions { get; init; } = [];

    /// <summary>The alerts that stand, by key.</summary>
    public ImmutableDictionary<string, AlertSeverity> Standing { get; init; } = ImmutableDictionary<string, AlertSeverity>.Empty;

    public double? Value(Measured of, Metric metric) => Newest(new(of, metric));

    /// <summary>Whether an alert that is not found any more is over: while the agent that could tell is away, nobody knows.</summary>
    public bool CanTell(Alert alert)
    {
        var node = alert.Place switch
        {
            { Page: MendingPage.Node, Of: { } of } => of.Name,
            { Page: MendingPage.Volume, Of: { } of } => Storage.ClaimedVolumes.FirstOrDefault(volume => volume.Name == of)?.Node,
            _ => null,
        };
        if (node is null || Storage.FindNode(node) is null) return true;
        return Agents.Find(node) is null or { IsConnected: true, Inventory: not null };
    }

    public AlertSeverity? StandingOf(string rule, string of) => Standing.TryGetValue(Alert.KeyOf(rule, of), out var severity) ? severity : null;

    /// <summary>The volume groups that an agent has told of.</summary>
    public IEnumerable<(string Node, LvmVolumeGroup Group, ImmutableArray<LvmLogicalVolume> Volumes)> VolumeGroups() =>
        from agent in Agents.Nodes.Values
        let inventory = agent.Inventory
        where inventory is not null
        from found in inventory.VolumeGroups
        select (agent.Node, found, inventory.LogicalVolumes.Where(volume => volume.VolumeGroup == found.Name).ToImmutableArray());
}

/// <param name="OperationId">Of the operation in Activity.</param>
/// <param name="Problem">null when it went well.</param>
public sealed record VerificationOutcome(long OperationId, string StorageClass, Message? Problem);

/// <param name="Volume">"shop/data".</param>
/// <param name="To">The size that was asked for; null when it was not expanded.</param>
/// <param name="Problem">Why it was not expanded although its policy wants it; null when it was.</param>
public sealed record AutoExpandOutcome(string Volume, DateTimeOffset At, string From, string? To, Message? Problem);
