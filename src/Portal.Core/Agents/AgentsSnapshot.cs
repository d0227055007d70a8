using System.Collections.Immutable;
using Portal.Core.Disks;

namespace Portal.Core.Agents;

/// <summary>What is known of one node's agent.</summary>
/// <param name="AgentVersion">Empty for one that has not connected since the portal started.</param>
/// <param name="ConnectedAt">When its present connection, or its last one, began; of one that has not connected since the portal started, when it was heard of last.</param>
public sealed record NodeAgent(string Node, string AgentVersion, DateTimeOffset ConnectedAt)
{
    /// <summary>When the link was lost, or, if that was before the portal started, when the agent was heard of last; null while it stands.</summary>
    public DateTimeOffset? OfflineSince { get; init; }

    /// <summary>What it has told last; null while it has told nothing since the portal started.</summary>
    public NodeInventory? Inventory { get; init; }

    /// <summary>When that came, or when it was read again and found to be so, by the portal's clock.</summary>
    public DateTimeOffset? InventoryAt { get; init; }

    public bool IsConnected => OfflineSince is null;
}

/// <summary>The agents that were ever heard of, by node, and how the commands stand that they carry out.</summary>
public sealed record AgentsSnapshot
{
    public static readonly AgentsSnapshot Empty = new();

    public ImmutableSortedDictionary<string, NodeAgent> Nodes { get; init; } = ImmutableSortedDictionary.Create<string, NodeAgent>(StringComparer.Ordinal);

    /// <summary>By operation id; each stays until its operation has read how it ended.</summary>
    public ImmutableDictionary<string, CommandReport> Commands { get; init; } = ImmutableDictionary<string, CommandReport>.Empty;

    /// <summary>The node's agent; null when none has ever been heard of.</summary>
    public NodeAgent? Find(string node) => Nodes.GetValueOrDefault(node);
}
