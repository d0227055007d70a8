using System.Collections.Immutable;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;

namespace Portal.Core.Agents;

/// <summary>Knows the agents: who is connected, what each has told, and how to reach it. A node has one connection: a newer one takes the place of the
/// older.</summary>
public sealed class AgentRegistry(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AgentConnection> _connections = [];
    private readonly Dictionary<string, int> _watchers = [];

    public Live<AgentsSnapshot> Live { get; } = new(AgentsSnapshot.Empty);

    /// <summary>What the node's agent would do for a command, or why it refuses.</summary>
    /// <exception cref="AgentUnreachableException">It is not connected, or the connection broke.</exception>
    public Task<NodePlan> PlanAsync(string node, NodeCommand command, CancellationToken cancel) => ConnectionOf(node).PlanAsync(command, cancel);

    /// <summary>Has the agent carry out what was confirmed; sent again with the same operation id it is done once. How it goes on is in
    /// <see cref="AgentsSnapshot.Commands"/>.</summary>
    /// <inheritdoc cref="PlanAsync"/>
    public async Task<CommandReport> ExecuteAsync(string node, CommandRequest request, CancellationToken cancel)
    {
        var report = await ConnectionOf(node).ExecuteAsync(request, cancel);
        Keep(report);
        return Live.Current.Commands.GetValueOrDefault(request.OperationId, report);
    }

    /// <summary>Has the agent read its inventory now.</summary>
    /// <inheritdoc cref="PlanAsync"/>
    public Task RefreshAsync(string node, CancellationToken cancel) => ConnectionOf(node).RefreshAsync(cancel);

    /// <summary>Drops the report of an operation that has read it.</summary>
    public void Forget(string operationId) => Live.Update(agents => agents with { Commands = agents.Commands.Remove(operationId) });

    /// <summary>Has the node sampled often until it is disposed.</summary>
    public IDisposable Watch(string node)
    {
        ChangeWatchers(node, 1);
        return new Ending(() => ChangeWatchers(node, -1));
    }

    /// <summary>The pace that is wanted of a node now.</summary>
    public TimeSpan PaceOf(string node)
    {
        lock (_gate) return _watchers.ContainsKey(node) ? AgentPace.Watched : AgentPace.Unwatched;
    }

    /// <summary>Ends the node's connection: what it was let in with is not good any more.</summary>
    public void Drop(string node)
    {
        AgentConnection? connection;
        lock (_gate) connection = _connections.GetValueOrDefault(node);
        connection?.Abort();
    }

    /// <summary>The node had an agent before the portal started: it is away, not missing, until it connects.</summary>
    /// <param name="heardAt">When it was heard of last.</param>
    public void Remember(string node, DateTimeOffset heardAt)
    {
        lock (_gate)
        {
            if (Live.Current.Find(node) is not null) return;
            Live.Update(agents => agents with { Nodes = agents.Nodes.Add(node, new NodeAgent(node, "", heardAt) { OfflineSince = heardAt }) });
        }
    }

    /// <summary>An agent has said hello.</summary>
    public void Connect(AgentConnection connection, AgentHello hello)
    {
        AgentConnection? older;
        lock (_gate)
        {
            older = _connections.GetValueOrDefault(connection.Node);
            _connections[connection.Node] = connection;
            var now = time.GetUtcNow();
            Live.Update(agents =>
            {
                var before = agents.Find(connection.Node);
                var agent = new NodeAgent(connection.Node, hello.AgentVersion, now) { Inventory = before?.Inventory, InventoryAt = before?.InventoryAt };
                return agents with { Nodes = agents.Nodes.SetItem(agent.Node, agent) };
            });
        }
        foreach (var report in hello.Unacknowledged) Keep(report);
        if (older is not null && older != connection) older.Abort();
    }

    /// <summary>A connection has ended; nothing changes when a newer one has taken its place.</summary>
    public void Disconnect(AgentConnection connection)
    {
        var now = time.GetUtcNow();
        IfCurrent(connection, () =>
        {
            _connections.Remove(connection.Node);
            Change(connection.Node, agent => agent with { OfflineSince = now });
        });
    }

    /// <summary>An agent tells what its node is like. One whose place was taken is not heard.</summary>
    public void Report(AgentConnection connection, NodeInventory inventory)
    {
        var now = time.GetUtcNow();
        IfCurrent(connection, () => Change(connection.Node, agent => agent with { Inventory = inventory, InventoryAt = now }));
    }

    /// <summary>An agent has read its node again and found it as it told last.</summary>
    /// <param name="takenAt">By the node's clock.</param>
    public void Confirm(AgentConnection connection, DateTimeOffset takenAt)
    {
        var now = time.GetUtcNow();
        IfCurrent(connection, () => Change(connection.Node, agent =>
            agent.Inventory is { } known ? agent with { Inventory = known with { TakenAt = takenAt }, InventoryAt = now } : agent));
    }

    /// <summary>Keeps how a command stands; what has ended does not run again because an older report comes late.</summary>
    public void Keep(CommandReport report) => Live.Update(agents =>
        report.State == CommandState.Running && agents.Commands.TryGetValue(report.OperationId, out var known) && known.State != CommandState.Running
            ? agents
            : agents with { Commands = agents.Commands.SetItem(report.OperationId, report) });

    private void IfCurrent(AgentConnection connection, Action act)
    {
        lock (_gate)
        {
            if (_connections.GetValueOrDefault(connection.Node) == connection) act();
        }
    }

    private void Change(string node, Func<NodeAgent, NodeAgent> change) =>
        Live.Update(agents => agents with { Nodes = agents.Nodes.SetItem(node, change(agents.Nodes[node])) });

    private AgentConnection ConnectionOf(string node)
    {
        lock (_gate)
        {
            if (_connections.GetValueOrDefault(node) is { } connection) return connection;
        }
        throw new AgentUnreachableException(Live.Current.Find(node) is { OfflineSince: not null } ? AgentTexts.Offline(node) : AgentTexts.NoAgent(node));
    }

    private void ChangeWatchers(string node, int by)
    {
        AgentConnection? connection;
        lock (_gate)
        {
            var before = _watchers.GetValueOrDefault(node);
            if (before + by == 0) _watchers.Remove(node);
            else _watchers[node] = before + by;
            if (before > 0 && before + by > 0) return;
            connection = _connections.GetValueOrDefault(node);
        }
        connection?.SetPace(PaceOf(node));
    }
}
