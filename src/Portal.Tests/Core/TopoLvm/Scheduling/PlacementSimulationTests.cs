using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Tests.Core.TopoLvm.Scheduling;

public sealed class PlacementSimulationTests
{
    private const long Gibibyte = 1L << 30;

    private static readonly SchedulerSetup SuperEdge = new() { Names = TopoLvmNames.Legacy, Rules = ExtenderRules.Of("0.10.0"), Weight = 100, OtherPoints = SchedulerSetup.OtherPointsOf(20) };

    [Fact]
    public void The_node_with_the_most_space_wins_and_the_others_say_why_not()
    {
        var nodes = new[]
        {
            Given("edge-1", ("ssd", "1073741824000")), Given("edge-2", ("ssd", "21474836480")), Given("edge-3", ("hdd", "1073741824000")), Given("edge-4", ("ssd", "much")),
            Given("edge-5", ("ssd", "214748364800")),
        };

        var simulation = PlacementSimulation.Of(Asking("ssd", 100 * Gibibyte), nodes, SuperEdge);

        Assert.Equal(["edge-1", "edge-5"], simulation.Passing.Select(node => node.Node));
        Assert.Equal([(9, 9000L), (7, 7000L)], simulation.Passing.Select(node => (node.Score, node.WeightedScore)));
        Assert.Equal("edge-1", simulation.Certain?.Node);
        Assert.Equal("log2(1000 / 1) = 9.97", simulation.Nodes[0].Classes[0].Formula);
        Assert.Equal("Node edge-2 has 20 GiB free in device class ssd; 100 GiB were asked, 80 GiB more than there is.", WhyNot(simulation, "edge-2"));
        Assert.StartsWith("Node edge-3 publishes no capacity of device class ssd;", WhyNot(simulation, "edge-3"), StringComparison.Ordinal);
        Assert.StartsWith("Node edge-4 publishes \"much\" as the free space of device class ssd", WhyNot(simulation, "edge-4"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10 * Gibibyte, true)]
    [InlineData(10 * Gibibyte - 1, false)]
    public void Exactly_as_much_as_was_asked_is_enough(long free, bool passes)
    {
        var simulation = PlacementSimulation.Of(Asking("ssd", 10 * Gibibyte), [Given("edge-1", ("ssd", free.ToString(CultureInfo.InvariantCulture)))], SuperEdge);

        Assert.Equal(passes, simulation.Nodes[0].Passes);
    }

    [Fact]
    public void A_small_claim_counts_as_a_whole_gibibyte_before_0_23()
    {
        Node[] nodes = [Given("edge-1", ("ssd", (Gibibyte / 2).ToString(CultureInfo.InvariantCulture)))];

        Assert.False(PlacementSimulation.Of(Asking("ssd", 1000), nodes, SuperEdge).Nodes[0].Passes);
        Assert.True(PlacementSimulation.Of(Asking("ssd", 1000), nodes, SuperEdge with { Rules = ExtenderRules.Of("0.23.0") }).Nodes[0].Passes);
    }

    [Fact]
    public void Claims_of_one_class_are_added_up_and_the_least_score_of_the_classes_counts()
    {
        var pod = new PlacementRequest { Claims = [new("ssd", 6 * Gibibyte), new("hdd", Gibibyte), new("ssd", 6 * Gibibyte)] };
        var setup = SuperEdge with { Options = new() { Divisors = SchedulerOptions.Default.Divisors.Add("hdd", 64) } };

        var simulation = PlacementSimulation.Of(pod, [Given("edge-1", ("ssd", "68719476736"), ("hdd", "1099511627776"))], setup);

        var node = simulation.Nodes[0];
        Assert.Equal([("hdd", Gibibyte, 4), ("ssd", 12 * Gibibyte, 6)], node.Classes.Select(one => (one.DeviceClass, one.AskedBytes, one.Score ?? -1)));
        Assert.Equal(4, node.Score);
    }

    [Fact]
    public void What_the_pod_itself_demands_of_a_node_comes_before_space()
    {
        var master = Given("master-1", ("ssd", "1")) with { Spec = new NodeSpec { Taints = [new Taint("node-role.kubernetes.io/master", null, "NoSchedule")] } };
        var silent = Given("edge-1") with { Spec = new NodeSpec { Taints = [new Taint("node.kubernetes.io/unreachable", null, "NoExecute")] } };
        var cordoned = Given("edge-2") with { Spec = new NodeSpec { Unschedulable = true } };
        var plain = Given("edge-3", ("ssd", "1099511627776"));
        var pod = Asking("ssd", Gibibyte) with { NodeSelector = ImmutableSortedDictionary<string, string>.Empty.Add("disk", "yes") };

        var bare = PlacementSimulation.Of(Asking("ssd", Gibibyte), [master, silent, cordoned, plain], SuperEdge);
        var selecting = PlacementSimulation.Of(pod, [plain], SuperEdge);
        var tolerant = PlacementSimulation.Of(Asking("ssd", Gibibyte) with { Tolerations = [new Toleration { Operator = "Exists" }] }, [master, silent, cordoned], SuperEdge);

        Assert.Equal("Node master-1 has the taint node-role.kubernetes.io/master:NoSchedule, which the pod does not tolerate.", WhyNot(bare, "master-1"));
        Assert.StartsWith("Node edge-1 does not report", WhyNot(bare, "edge-1"), StringComparison.Ordinal);
        Assert.StartsWith("Node edge-2 is cordoned", WhyNot(bare, "edge-2"), StringComparison.Ordinal);
        Assert.Equal("Node edge-3 lacks the label disk=yes that the pod selects.", WhyNot(selecting, "edge-3"));
        Assert.All(tolerant.Nodes, node => Assert.Contains("ssd", node.WhyNot!.English, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 20, false)]
    [InlineData(79, 20, false)]
    [InlineData(80, 20, false)]
    [InlineData(81, 20, true)]
    [InlineData(120, 23, false)]
    [InlineData(121, 23, true)]
    public void A_point_decides_once_its_weight_outdoes_the_other_plugins(int weight, int minor, bool isCertain)
    {
        var setup = SuperEdge with { Weight = weight, OtherPoints = SchedulerSetup.OtherPointsOf(minor) };

        var simulation = PlacementSimulation.Of(Asking("ssd", Gibibyte), [Given("a", ("ssd", "8589934592")), Given("b", ("ssd", "4294967296"))], setup);

        Assert.Equal(isCertain, simulation.Certain is not null);
    }

    [Fact]
    public void With_capacity_tracking_each_claim_is_held_against_its_own_object_and_nothing_is_scored()
    {
        var setup = SuperEdge with { AsksExtender = false, Published = [new("ssd", "a", 10 * Gibibyte), new("ssd", "b", 5 * Gibibyte)] };
        var pod = new PlacementRequest { Claims = [new("ssd", 6 * Gibibyte), new("ssd", 6 * Gibibyte)] };

        var simulation = PlacementSimulation.Of(pod, [Given("a", ("ssd", "0")), Given("b"), Given("c", ("ssd", "1099511627776"))], setup);

        Assert.Equal(["a"], simulation.Passing.Select(node => node.Node));
        Assert.Equal(0, simulation.Nodes[0].WeightedScore);
        Assert.Contains("5 GiB free", WhyNot(simulation, "b"), StringComparison.Ordinal);
        Assert.StartsWith("No CSIStorageCapacity object says what node c has", WhyNot(simulation, "c"), StringComparison.Ordinal);
    }

    /// <summary>The oracle walks the nodes one by one with nothing but comparisons.</summary>
    [Fact]
    public void A_node_passes_exactly_when_every_class_has_what_its_claims_add_up_to() =>
        Gen.Select(Gen.Select(Gen.OneOf("ssd", "hdd", "00default"), Gen.Long[0, 64 * Gibibyte]).Array[1, 4], Gen.Select(Gen.Long[0, 128 * Gibibyte], Gen.Long[-1, 128 * Gibibyte]).Array[1, 6]).Sample((claims, frees) =>
        {
            var pod = new PlacementRequest { Claims = [.. claims.Select(claim => new ClaimRequest(claim.Item1, claim.Item2))] };
            var nodes = frees.Select((free, number) => free.Item2 < 0
                ? Given("n" + number, ("ssd", Text(free.Item1)), ("00default", Text(free.Item1)))
                : Given("n" + number, ("ssd", Text(free.Item1)), ("hdd", Text(free.Item2)), ("00default", Text(free.Item1)))).ToArray();

            var simulation = PlacementSimulation.Of(pod, nodes, SuperEdge);

            foreach (var (number, (ssd, hdd)) in frees.Index())
            {
                var passes = true;
                foreach (var deviceClass in new[] { "ssd", "hdd", "00default" })
                {
                    long asked = 0;
                    foreach (var (name, bytes) in claims) asked += name == deviceClass ? Math.Max(1, bytes / Gibibyte + (bytes % Gibibyte > 0 ? 1 : 0)) * Gibibyte : 0;
                    if (asked > 0 && asked > (deviceClass == "hdd" ? hdd : ssd)) passes = false;
                }
                Assert.Equal(passes, simulation.Nodes.Single(node => node.Node == "n" + number).Passes);
            }
        });

    private static string Text(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);

    private static string WhyNot(PlacementSimulation simulation, string node) => simulation.Nodes.Single(found => found.Node == node).WhyNot!.English;

    private static PlacementRequest Asking(string deviceClass, long bytes) => new() { Claims = [new(deviceClass, bytes)] };

    private static Node Given(string name, params (string DeviceClass, string Free)[] capacities) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Annotations = capacities.ToImmutableDictionary(capacity => TopoLvmNames.Legacy.CapacityAnnotationPrefix + capacity.DeviceClass, capacity => capacity.Free),
        },
    };
}
