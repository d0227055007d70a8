using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Cluster;
using Portal.Core.Disks;
using Portal.Core.Kubernetes;
using Portal.Core.NodeCommands;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Tests.Core.TopoLvm.Lvmd;
using Portal.Tests.Testing;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Core.NodeCommands;

public sealed class NodeCommandOperationTests : IDisposable
{
    private static readonly RemoveLoopDevice Command = new(LoopFolder + "disk1.img");

    private readonly KubeClient _client = new(new KubeConnection(new Uri("http://127.0.0.1:9"), "nowhere"));
    private readonly List<string> _journal = [];

    private AgentRegistry _agents = new(TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static NodeInventory Node => With().WithLoop("loop0", "disk1.img");

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task What_was_confirmed_is_executed_and_its_programs_and_their_words_are_journalled()
    {
        var agent = Agent();

        await RunAsync(Confirmed(agent));

        Assert.Equal(1, agent.Executed);
        Assert.Empty(_agents.Live.Current.Find("edge-1")!.Inventory!.LoopDevices);
        Assert.Empty(_agents.Live.Current.Commands);
        Assert.Equal("edge-1: losetup --detach /dev/loop0", _journal[0]);
        Assert.Contains("edge-1: losetup --detach /dev/loop0 → 0 as asked", _journal);
    }

    [Fact]
    public async Task A_node_that_changed_after_the_confirmation_is_left_alone()
    {
        var agent = Agent();
        var operation = Confirmed(agent);
        agent.Inventory = agent.Inventory.Change("loop0", device => device with { MountPoints = ["/mnt"] });

        var failed = await Assert.ThrowsAsync<OperationFailedException>(() => RunAsync(operation));

        Assert.Equal("The node has changed since.", failed.Problem.English);
        Assert.Equal(0, agent.Executed);
    }

    [Fact]
    public async Task A_link_that_breaks_before_the_answer_does_not_have_the_command_done_twice()
    {
        var agent = Agent();
        var operation = Confirmed(agent);
        agent.LostAnswers = 2;

        var running = RunAsync(operation);
        for (var cut = 0; cut < 2; cut++)
        {
            await _agents.Live.UntilAsync(agents => agents.Find("edge-1")!.OfflineSince is not null, Cancel);
            agent.Connect();
        }
        await running;

        Assert.Equal(1, agent.Executed);
    }

    [Fact]
    public async Task A_portal_that_is_killed_after_the_command_finds_it_done()
    {
        var before = Agent();
        var json = Confirmed(before).ToJson();
        await RunAsync(NodeCommandOperation.FromJson(json));

        _agents = new(TimeProvider.System);
        var agent = new RelayedAgent(before, _agents);
        agent.Connect();
        await RunAsync(NodeCommandOperation.FromJson(json));

        Assert.Equal(1, before.Executed);
    }

    [Fact]
    public async Task An_operation_that_goes_on_in_a_new_portal_waits_for_the_agent_that_was_there_before()
    {
        var before = Agent();
        var json = Confirmed(before).ToJson();
        _agents = new(TimeProvider.System);
        _agents.Remember("edge-1", TimeProvider.System.GetUtcNow().AddHours(-5));

        var waits = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = RunAsync(NodeCommandOperation.FromJson(json), said => waits.TrySetResult(said.English));
        Assert.Equal(AgentTexts.Offline("edge-1").English, await waits.Task.WaitAsync(Cancel));
        new RelayedAgent(before, _agents).Connect();
        await running;

        Assert.Equal(1, before.Executed);
    }

    [Fact]
    public async Task What_was_undone_is_told_with_the_reason()
    {
        var agent = Agent(CommandState.RolledBack);

        var failed = await Assert.ThrowsAsync<OperationFailedException>(() => RunAsync(Confirmed(agent)));

        Assert.Equal("What had been done on edge-1 was undone: The disk did not answer.", failed.Problem.English);
    }

    [Fact]
    public async Task A_node_without_agent_is_told_at_once()
    {
        var operation = new NodeCommandOperation(new("edge-2", Command, "f", "op"));

        var failed = await Assert.ThrowsAsync<AgentUnreachableException>(() => RunAsync(operation));

        Assert.Equal(AgentTexts.NoAgent("edge-2"), failed.Problem);
    }

    [Theory]
    [InlineData("myvg1", true)]
    [InlineData("other", false)]
    public async Task Topolvm_node_is_started_anew_only_for_a_group_that_a_device_class_names(string group, bool isNamed)
    {
        new PlayedAgent(_agents, "edge-1", With(Disk("vdb"), Disk("vdc")).WithPhysicalVolume("vdb", group)).Connect();
        await _agents.RefreshAsync("edge-1", Cancel);

        foreach (NodeCommand command in new NodeCommand[] { new ExtendVolumeGroup(group, ["/dev/vdc"], []), new ResizePhysicalVolume("/dev/vdb"), new ForgetMissingDisks(group) })
            Assert.Equal(isNamed, await RestartsAsync(command, GivenLvmd.Cluster()));
    }

    [Fact]
    public async Task Where_it_is_not_known_what_names_a_group_topolvm_node_is_started_anew() =>
        Assert.True(await RestartsAsync(new ExtendVolumeGroup("other", ["/dev/vdc"], []), ClusterSnapshot.Empty));

    private async Task<bool> RestartsAsync(NodeCommand command, ClusterSnapshot cluster)
    {
        var context = new OperationContext(_client, new Live<ClusterSnapshot>(cluster), TimeProvider.System) { Agents = _agents };
        return (await new NodeCommandOperation(new("edge-1", command, "f", "op")).PlanAsync(context, Cancel)).Any(step => step.Id == "capacity");
    }

    private PlayedAgent Agent(CommandState ends = CommandState.Done)
    {
        var agent = new PlayedAgent(_agents, "edge-1", Node) { Effect = node => node with { LoopDevices = [], Devices = [] }, Ends = ends };
        agent.Connect();
        return agent;
    }

    private static NodeCommandOperation Confirmed(PlayedAgent agent) =>
        new(NodeCommandSpec.For("edge-1", NodePlanner.Plan(Command, agent.Inventory, NodeLimits.Default), NodeLabel.Default));

    private async Task RunAsync(NodeCommandOperation operation, Action<Message>? says = null)
    {
        var context = new OperationContext(_client, new Live<ClusterSnapshot>(ClusterSnapshot.Empty), TimeProvider.System) { Agents = _agents };
        var user = new UserCluster(_client, (_, _) => Task.CompletedTask);
        foreach (var step in await operation.PlanAsync(context, Cancel))
        {
            await step.RunAsync(new StepRun(context, user, says ?? (_ => { }))
            {
                NoteAsync = (text, _) =>
                {
                    _journal.Add(text);
                    return Task.CompletedTask;
                },
            }, Cancel);
        }
    }

    /// <summary>The same agent, on its way to another portal.</summary>
    private sealed class RelayedAgent(PlayedAgent agent, AgentRegistry agents) : AgentConnection(agent.Node)
    {
        public void Connect() => agents.Connect(this, new AgentHello(AgentContract.Version, Node, "instance", "spool", "0.1.0"));

        public override Task<NodePlan> PlanAsync(NodeCommand command, CancellationToken cancel) => agent.PlanAsync(command, cancel);

        public override Task<CommandReport> ExecuteAsync(CommandRequest request, CancellationToken cancel) => agent.ExecuteAsync(request, cancel);

        public override Task RefreshAsync(CancellationToken cancel)
        {
            agents.Report(this, agent.Inventory);
            return Task.CompletedTask;
        }

        public override void SetPace(TimeSpan sampleEvery)
        {
        }

        public override void Abort()
        {
        }
    }
}
