using System.Collections.Immutable;
using Portal.Components.Charts;
using Portal.Core.Agents;
using Portal.Core.Disks;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using static Portal.Tests.Portal.Components.Charts.GivenChart;

namespace Portal.Tests.Portal.Components.Charts;

/// <summary>What charts say of who has measured, and why they show nothing.</summary>
public sealed class ChartSourceTests
{
    private static readonly Measured Volume = Measured.LogicalVolume("edge-1", "myvg1", "a");
    private static readonly Measured Group = Measured.VolumeGroup("edge-1", "myvg1");

    public static TheoryData<MetricOrigin, MetricOrigin?, string> Origins => new()
    {
        { MetricOrigin.Agent, null, "from the agent of node edge-1" },
        { MetricOrigin.Cluster, null, "from the cluster's own numbers (kubelet of node edge-1), each minute" },
        { MetricOrigin.Prometheus, null, "from Prometheus" },
        { MetricOrigin.Agent, MetricOrigin.Cluster, "from the agent of node edge-1; in part from the cluster's own numbers (kubelet of node edge-1), each minute" },
    };

    [Theory]
    [MemberData(nameof(Origins))]
    public void A_volume_says_who_has_measured_it(MetricOrigin origin, MetricOrigin? also, string says)
    {
        var used = new MetricSeries(new(Volume, Metric.UsedBytes), [At(0, 1)], origin) { AlsoFrom = also };

        Assert.Equal(says, ChartSource.Of([used, used with { Key = new(Volume, Metric.SizeBytes) }], null));
    }

    [Fact]
    public void Each_source_is_said_once_and_those_without_points_not_at_all()
    {
        ImmutableArray<MetricSeries> series = [new(new(Group, Metric.SizeBytes), [At(0, 1)], MetricOrigin.Cluster), new(new(Group, Metric.FreeBytes), [At(0, 1)], MetricOrigin.Cluster), new(new(Volume, Metric.UsedBytes), [], null)];

        Assert.Equal("from the cluster's own numbers, each minute", ChartSource.Of(series, null));
    }

    [Fact]
    public void The_whole_cluster_is_measured_by_as_many_agents_as_tell()
    {
        var plan = new ChartPlan("io", "IO", MetricUnit.BytesPerSecond, [new("Read", new SeriesKey(Measured.Cluster, Metric.ReadThroughput))]) { FromAgents = () => Of(Nodes(14), Connected(13), Rates(12), Start).From };
        var key = plan.Keys.Single();

        var spec = plan.With(new Dictionary<SeriesKey, MetricSeries> { [key] = new(key, [At(0, 1)], MetricOrigin.Agent) }, Start, Start.AddMinutes(1), isLive: true);

        Assert.Equal("from the agents of 12 of 14 nodes", spec.Source);
        Assert.Equal("from the agents of all nodes (3)", Of(Nodes(3), Connected(3), Rates(3), Start).From);
    }

    [Fact]
    public void A_new_portal_says_that_numbers_are_on_their_way_and_an_old_one_that_they_do_not_come()
    {
        Assert.StartsWith("No agent is connected", Of(Nodes(3), AgentsSnapshot.Empty, LiveRates.Empty, Start).WhyNothing(Start), StringComparison.Ordinal);
        var waiting = Of(Nodes(3), Connected(2), LiveRates.Empty, Start);
        Assert.Equal("Not yet: agents are connected (2), and the first numbers come within 30 seconds.", waiting.WhyNothing(Start.AddSeconds(20)));
        Assert.StartsWith("Agents are connected (2), but none of them has sent numbers", waiting.WhyNothing(Start.AddMinutes(2)), StringComparison.Ordinal);
        Assert.Null(Of(Nodes(3), Connected(2), Rates(2), Start).WhyNothing(Start.AddMinutes(2)));
    }

    [Fact]
    public void A_node_says_what_its_agent_does()
    {
        var agent = new NodeAgent("edge-1", "1", Start);

        Assert.StartsWith("No agent of node edge-1 has connected", NodeMeasuring.WhyNothing("edge-1", null, LiveRates.Empty, Start), StringComparison.Ordinal);
        Assert.StartsWith("Not yet: the agent of node edge-1", NodeMeasuring.WhyNothing("edge-1", agent, LiveRates.Empty, Start.AddSeconds(5)), StringComparison.Ordinal);
        Assert.StartsWith("The agent of node edge-1 is connected, but has sent no numbers", NodeMeasuring.WhyNothing("edge-1", agent, LiveRates.Empty, Start.AddMinutes(5)), StringComparison.Ordinal);
        Assert.Null(NodeMeasuring.WhyNothing("edge-1", agent with { OfflineSince = Start }, LiveRates.Empty, Start.AddMinutes(5)));
        Assert.Null(NodeMeasuring.WhyNothing("edge-1", agent, Rates(1), Start.AddSeconds(61)));
    }

    [Fact]
    public void Why_nothing_is_shown_now_is_no_reason_for_the_past()
    {
        var plan = new ChartPlan("io", "IO", MetricUnit.BytesPerSecond, [new("Read", new SeriesKey(Group, Metric.ReadThroughput))]) { WhyEmpty = "nothing then", WhyNothingNow = () => "not yet" };

        Assert.Equal("not yet", plan.With(new Dictionary<SeriesKey, MetricSeries>(), Start, Start.AddMinutes(1), isLive: true).WhyEmpty);
        Assert.Equal("nothing then", plan.With(new Dictionary<SeriesKey, MetricSeries>(), Start, Start.AddMinutes(1), isLive: false).WhyEmpty);
    }

    private static AgentsMeasuring Of(StorageState storage, AgentsSnapshot agents, LiveRates rates, DateTimeOffset now) => AgentsMeasuring.Of(storage, agents, rates, now);

    private static StorageState Nodes(int count) => StorageState.Empty with { Nodes = [.. Names(count).Select(name => new StorageNode(name, false, true, null, true, []))] };

    private static AgentsSnapshot Connected(int count) =>
        new() { Nodes = AgentsSnapshot.Empty.Nodes.AddRange(Names(count).Select(name => KeyValuePair.Create(name, new NodeAgent(name, "1", Start) { Inventory = new NodeInventory(Start) }))) };

    private static LiveRates Rates(int count) => new(Names(count).ToDictionary(name => name, name => new NodeRates(name, Start.AddSeconds(30).ToUnixTimeMilliseconds())));

    private static IEnumerable<string> Names(int count) => Enumerable.Range(1, count).Select(number => $"edge-{number}");
}
