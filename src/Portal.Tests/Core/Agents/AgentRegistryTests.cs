using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.NodeCommands;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.Agents;

public sealed class AgentRegistryTests
{
    private static readonly ActivateVolumeGroup Command = new("data");

    private readonly ManualTime _time = new();
    private readonly AgentRegistry _agents;

    public AgentRegistryTests() => _agents = new(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_goes_to_the_agent_of_its_node()
    {
        var (first, second) = (new FixedConnection("edge-1"), new FixedConnection("edge-2"));
        _agents.Connect(first, Hello("edge-1"));
        _agents.Connect(second, Hello("edge-2"));

        var plan = await _agents.PlanAsync("edge-2", Command, Cancel);

        Assert.Equal("edge-2", plan.Fingerprint);
        Assert.True(_agents.Live.Current.Find("edge-1")!.IsConnected);
    }

    [Fact]
    public async Task A_node_without_agent_is_told_apart_from_one_whose_agent_is_offline()
    {
        var connection = new FixedConnection("edge-1");
        _agents.Connect(connection, Hello("edge-1"));
        _time.Advance(TimeSpan.FromMinutes(1));
        _agents.Disconnect(connection);

        var offline = await Assert.ThrowsAsync<AgentUnreachableException>(() => _agents.PlanAsync("edge-1", Command, Cancel));
        var missing = await Assert.ThrowsAsync<AgentUnreachableException>(() => _agents.PlanAsync("edge-2", Command, Cancel));

        Assert.Equal(AgentTexts.Offline("edge-1"), offline.Problem);
        Assert.Equal(AgentTexts.NoAgent("edge-2"), missing.Problem);
        Assert.Equal(_time.GetUtcNow(), _agents.Live.Current.Find("edge-1")!.OfflineSince);
    }

    [Fact]
    public async Task An_agent_that_was_there_before_the_portal_started_is_offline_until_it_connects()
    {
        var heardAt = _time.GetUtcNow().AddHours(-3);
        _agents.Remember("edge-1", heardAt);

        Assert.Equal(AgentTexts.Offline("edge-1"), (await Assert.ThrowsAsync<AgentUnreachableException>(() => _agents.PlanAsync("edge-1", Command, Cancel))).Problem);
        Assert.Equal(heardAt, _agents.Live.Current.Find("edge-1")!.OfflineSince);

        _agents.Connect(new FixedConnection("edge-1"), Hello("edge-1"));
        _agents.Remember("edge-1", heardAt);

        Assert.True(_agents.Live.Current.Find("edge-1")!.IsConnected);
    }

    [Fact]
    public async Task A_newer_connection_takes_the_place_of_the_older_one()
    {
        var (older, newer) = (new FixedConnection("edge-1"), new FixedConnection("edge-1") { Answer = "newer" });
        _agents.Connect(older, Hello("edge-1"));
        _agents.Connect(newer, Hello("edge-1"));
        _agents.Report(older, new NodeInventory(_time.GetUtcNow()));
        _agents.Disconnect(older);

        Assert.True(older.IsAborted);
        Assert.Equal("newer", (await _agents.PlanAsync("edge-1", Command, Cancel)).Fingerprint);
        Assert.Equal((true, null), (_agents.Live.Current.Find("edge-1")!.IsConnected, _agents.Live.Current.Find("edge-1")!.Inventory));
    }

    [Fact]
    public void What_a_node_has_told_stays_with_its_age_when_it_goes_offline_and_comes_back()
    {
        var (connection, inventory, toldAt) = (new FixedConnection("edge-1"), new NodeInventory(DateTimeOffset.UnixEpoch), _time.GetUtcNow());
        _agents.Connect(connection, Hello("edge-1"));
        _agents.Report(connection, inventory);
        _time.Advance(TimeSpan.FromHours(1));
        _agents.Disconnect(connection);
        _agents.Connect(new FixedConnection("edge-1"), Hello("edge-1"));

        var agent = _agents.Live.Current.Find("edge-1")!;
        Assert.Equal((inventory, toldAt), (agent.Inventory, agent.InventoryAt));
        Assert.Equal(_time.GetUtcNow(), agent.ConnectedAt);
    }

    [Fact]
    public void An_inventory_that_was_read_again_unchanged_is_as_old_as_that_reading()
    {
        var (connection, inventory) = (new FixedConnection("edge-1"), new NodeInventory(DateTimeOffset.UnixEpoch) { KernelVersion = "5.10" });
        _agents.Connect(connection, Hello("edge-1"));
        _agents.Confirm(connection, DateTimeOffset.UnixEpoch);
        Assert.Null(_agents.Live.Current.Find("edge-1")!.Inventory);
        _agents.Report(connection, inventory);
        _time.Advance(TimeSpan.FromMinutes(1));

        _agents.Confirm(connection, DateTimeOffset.UnixEpoch.AddMinutes(1));

        var agent = _agents.Live.Current.Find("edge-1")!;
        Assert.Equal((inventory with { TakenAt = DateTimeOffset.UnixEpoch.AddMinutes(1) }, _time.GetUtcNow()), (agent.Inventory, agent.InventoryAt));
    }

    [Fact]
    public async Task A_report_that_comes_late_does_not_make_an_ended_command_run_again()
    {
        var connection = new FixedConnection("edge-1");
        _agents.Connect(connection, Hello("edge-1") with { Unacknowledged = [new CommandReport("op-1", CommandState.Done, null, [])] });
        _agents.Keep(new CommandReport("op-1", CommandState.Running, null, []));

        var answer = await _agents.ExecuteAsync("edge-1", new CommandRequest("op-1", Command, "f"), Cancel);
        Assert.Equal(CommandState.Done, answer.State);
        Assert.Equal(CommandState.Done, _agents.Live.Current.Commands["op-1"].State);

        _agents.Forget("op-1");
        Assert.Empty(_agents.Live.Current.Commands);
    }

    [Fact]
    public void A_node_is_sampled_often_while_anybody_looks()
    {
        var connection = new FixedConnection("edge-1");
        _agents.Connect(connection, Hello("edge-1"));
        var (first, second) = (_agents.Watch("edge-1"), _agents.Watch("edge-1"));
        first.Dispose();
        first.Dispose();
        Assert.Equal(AgentPace.Watched, _agents.PaceOf("edge-1"));
        second.Dispose();

        Assert.Equal(AgentPace.Unwatched, _agents.PaceOf("edge-1"));
        Assert.Equal([AgentPace.Watched, AgentPace.Unwatched], connection.Paces);
    }

    private static AgentHello Hello(string node) => new(AgentContract.Version, node, "instance", "spool", "0.1.0");

    /// <summary>An agent that is always there, and runs whatever it is given.</summary>
    private sealed class FixedConnection(string node) : AgentConnection(node)
    {
        public string Answer { get; init; } = node;

        public bool IsAborted { get; private set; }

        public List<TimeSpan> Paces { get; } = [];

        public override Task<NodePlan> PlanAsync(NodeCommand command, CancellationToken cancel) => Task.FromResult(new NodePlan(command, Answer));

        public override Task<CommandReport> ExecuteAsync(CommandRequest request, CancellationToken cancel) =>
            Task.FromResult(new CommandReport(request.OperationId, CommandState.Running, null, []));

        public override Task RefreshAsync(CancellationToken cancel) => Task.CompletedTask;

        public override void SetPace(TimeSpan sampleEvery) => Paces.Add(sampleEvery);

        public override void Abort() => IsAborted = true;
    }
}
