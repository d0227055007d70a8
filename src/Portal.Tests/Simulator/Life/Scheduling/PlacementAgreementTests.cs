using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Scheduling;
using Portal.Simulator.Life.Scheduling;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Tests.Simulator.Life.Scheduling;

/// <summary>The portal's answer to "where would it go" against what the simulated kube-scheduler and extender do, on equal inputs: two programs
/// that share no line of this arithmetic.</summary>
public sealed class PlacementAgreementTests
{
    private const long Gibibyte = 1L << 30;

    private static readonly string[] Classes = ["ssd", "hdd", TopoLvmNames.DefaultClass];

    private static readonly Gen<string?> Annotations = Gen.OneOf(
        Gen.Long[0, 4 * Gibibyte].Select(bytes => (string?)Text(bytes)), Gen.Long[0, 3000].Select(gibibytes => (string?)Text(gibibytes * Gibibyte)),
        Gen.OneOf<string?>(null, "", "many", "-1", "1e9", "18446744073709551615"));

    private static readonly Gen<KubeObject> Nodes =
        from annotations in Annotations.Array[3]
        from trouble in Gen.Int[0, 12]
        from zone in Gen.OneOf("a", "b")
        select NodeOf(annotations, trouble, zone);

    private static readonly Gen<Case> Cases =
        from version in Gen.OneOf("0.10.0", "0.22.0", "0.23.0", "0.41.0")
        from nodes in Nodes.Array[1, 6]
        from claims in Gen.Select(Gen.Int[0, 2], Gen.Frequency((3, Gen.Long[0, 5 * Gibibyte]), (1, Gen.Int[0, 500].Select(gibibytes => gibibytes * Gibibyte)))).Array[1, 3]
        from divisors in Gen.Select(Gen.Int[0, 2], Gen.OneOf(0.5, 1, 2, 10, 64, 1000)).Array[0, 3]
        from general in Gen.OneOf(0.25, 1, 3, 100)
        from weight in Gen.OneOf(1, 5, 50, 100)
        from selects in Gen.Bool
        from tolerates in Gen.Bool
        select new Case(version, Named(nodes), claims, divisors, general, weight, selects, tolerates);

    [Fact]
    public void The_simulated_scheduler_puts_the_pod_where_the_portal_says() =>
        Cases.Sample(one =>
        {
            var pod = one.MarkedPod();
            var view = new SchedulerView(true, one.Weight, one.Extender());

            var verdicts = NodeChoice.Judge(pod, one.Nodes, VolumeFit.Of(pod, one.Volumes(tracking: false)), view);
            var simulation = PlacementSimulation.Of(one.Request(), one.Nodes.Select(Typed), one.Setup(extender: true));

            Compare(verdicts, simulation);
            // No pod runs anywhere, so that kube-scheduler's own part is the same for every node.
            Assert.All(verdicts, verdict => Assert.Equal(verdict.Points - 100, simulation.Nodes.Single(node => node.Node == verdict.Node.Name).WeightedScore));
        }, iter: 20_000);

    [Fact]
    public void Where_pods_run_already_the_winner_is_among_the_candidates_and_a_certain_one_wins() =>
        Gen.Select(Cases, Gen.Int[0, 130].Array[6]).Sample((one, running) =>
        {
            var pod = one.MarkedPod();
            var others = one.Nodes.Zip(running).SelectMany(pair => Enumerable.Range(0, pair.Second).Select(_ => PodOn(pair.First.Name))).ToArray();

            var verdicts = NodeChoice.Judge(pod, one.Nodes, VolumeFit.Of(pod, one.Volumes(tracking: false)), new SchedulerView(true, one.Weight, one.Extender()) { Pods = others });
            var simulation = PlacementSimulation.Of(one.Request(), one.Nodes.Select(Typed), one.Setup(extender: true));

            Compare(verdicts, simulation);
        }, iter: 1000);

    [Fact]
    public void With_capacity_tracking_they_agree_as_well() =>
        Cases.Sample(one =>
        {
            var pod = one.Pod();

            var verdicts = NodeChoice.Judge(pod, one.Nodes, VolumeFit.Of(pod, one.Volumes(tracking: true)), new SchedulerView(false, 1, null));
            var simulation = PlacementSimulation.Of(one.Request(), one.Nodes.Select(Typed), one.Setup(extender: false));

            Compare(verdicts, simulation);
        }, iter: 10_000);

    private static void Compare(ImmutableArray<NodeVerdict> verdicts, PlacementSimulation simulation)
    {
        Assert.Equal(verdicts.Where(verdict => verdict.WillDo).Select(verdict => verdict.Node.Name).Order(), simulation.Passing.Select(node => node.Node).Order());
        if (verdicts[0].WillDo) Assert.Contains(simulation.Candidates, node => node.Node == verdicts[0].Node.Name);
        if (simulation.Certain is { } certain) Assert.Equal(certain.Node, verdicts[0].Node.Name);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Node Typed(KubeObject node) => Node.Kind.Read(Encoding.UTF8.GetBytes(node.Json.ToJsonString()));

    private static KubeObject[] Named(KubeObject[] nodes) => [.. nodes.Select((node, number) =>
    {
        var json = (JsonObject)node.Json.DeepClone();
        json["metadata"]!["name"] = "node-" + number;
        json["metadata"]!["labels"]!["topology/node"] = "node-" + number;
        return new KubeObject(json);
    })];

    private static KubeObject NodeOf(string?[] annotations, int trouble, string zone)
    {
        var texts = new JsonObject();
        foreach (var (number, text) in annotations.Index())
            if (text is not null) texts[TopoLvmNames.Legacy.CapacityAnnotationPrefix + Classes[number]] = text;
        var spec = new JsonObject();
        if (trouble == 0) spec["unschedulable"] = true;
        if (trouble == 1) spec["taints"] = new JsonArray(new JsonObject { ["key"] = "disk", ["value"] = "bad", ["effect"] = "NoSchedule" });
        if (trouble == 2) spec["taints"] = new JsonArray(new JsonObject { ["key"] = "node.kubernetes.io/unreachable", ["effect"] = "NoExecute" });
        if (trouble == 3) spec["taints"] = new JsonArray(new JsonObject { ["key"] = "disk", ["effect"] = "PreferNoSchedule" });
        return new(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["zone"] = zone }, ["annotations"] = texts }, ["spec"] = spec });
    }

    private static KubeObject PodOn(string node) => new(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "other" }, ["spec"] = new JsonObject { ["nodeName"] = node } });

    /// <summary>One question, put to both.</summary>
    private sealed record Case(string Version, KubeObject[] Nodes, (int Class, long Bytes)[] Claims, (int Class, double Divisor)[] Divisors, double General, int Weight, bool Selects, bool Tolerates)
    {
        private ImmutableSortedDictionary<string, double> Own => Divisors.Aggregate(ImmutableSortedDictionary<string, double>.Empty, (made, one) => made.SetItem(Classes[one.Class], one.Divisor));

        public PlacementRequest Request() => new()
        {
            Claims = [.. Claims.Select(claim => new ClaimRequest(Classes[claim.Class], claim.Bytes))],
            NodeSelector = Selects ? ImmutableSortedDictionary<string, string>.Empty.Add("zone", "a") : ImmutableSortedDictionary<string, string>.Empty,
            Tolerations = Tolerates ? [new Toleration { Key = "disk", Operator = "Exists" }] : [],
        };

        public SchedulerSetup Setup(bool extender) => new()
        {
            AsksExtender = extender,
            Names = TopoLvmNames.Legacy,
            Rules = ExtenderRules.Of(Version),
            Options = new() { DefaultDivisor = General, Divisors = Own },
            Weight = Weight,
            Published = [.. Nodes.SelectMany(node => Classes.Select(name => (node.Name, Class: name, Bytes: FreeOf(node, name)))).Where(one => one.Bytes is not null)
                .Select(one => new PublishedCapacity(one.Class, one.Name, one.Bytes!.Value))],
        };

        public RunningExtender Extender()
        {
            var options = $"listen: localhost:9251\ndefault-divisor: {General.ToString(CultureInfo.InvariantCulture)}\ndivisors:\n"
                + string.Concat(Own.Select(one => $"  {one.Key}: {one.Value.ToString(CultureInfo.InvariantCulture)}\n"));
            return ExtenderProgram.Read("pod", System.Version.Parse(Version), useLegacy: true, options).Extender!;
        }

        public KubeObject Pod()
        {
            var volumes = Claims.Select((_, number) => (JsonNode)new JsonObject { ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = "claim-" + number } });
            var spec = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app" }), ["volumes"] = new JsonArray([.. volumes]) };
            if (Selects) spec["nodeSelector"] = new JsonObject { ["zone"] = "a" };
            if (Tolerates) spec["tolerations"] = new JsonArray(new JsonObject { ["key"] = "disk", ["operator"] = "Exists" });
            return new(new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "app", ["uid"] = "app" }, ["spec"] = spec });
        }

        /// <summary>The pod as the simulated webhook of that version lets it through.</summary>
        public KubeObject MarkedPod()
        {
            var objects = Volumes(tracking: false);
            var json = Pod().Json;
            WebhookMutation.MarkPod(TopoLvmNames.Legacy, System.Version.Parse(Version), json,
                objects.Claims.ToDictionary(claim => claim.Key.Name, claim => claim.Value), objects.StorageClasses.ToDictionary(one => one.Key.Name, one => one.Value));
            return new(json);
        }

        public VolumeObjects Volumes(bool tracking) => new()
        {
            Claims = Claims.Select((claim, number) => ClaimOf(number, claim)).ToImmutableDictionary(claim => claim.Metadata.ObjectName),
            StorageClasses = Classes.Select(ClassOf).ToImmutableDictionary(one => one.Metadata.ObjectName),
            CsiDrivers = ImmutableDictionary<ObjectName, KubeObject>.Empty.Add(new(null, TopoLvmNames.Legacy.Provisioner),
                new(new JsonObject { ["metadata"] = new JsonObject { ["name"] = TopoLvmNames.Legacy.Provisioner }, ["spec"] = new JsonObject { ["storageCapacity"] = tracking } })),
            Capacities = Nodes.SelectMany(node => Classes.Select(name => (node.Name, Class: name, Bytes: FreeOf(node, name)))).Where(one => one.Bytes is not null)
                .Select(one => CapacityOf(one.Name, one.Class, one.Bytes!.Value)).ToImmutableDictionary(one => one.Metadata.ObjectName),
        };

        private static long? FreeOf(KubeObject node, string name) =>
            long.TryParse(node.Metadata.Annotations.GetValueOrDefault(TopoLvmNames.Legacy.CapacityAnnotationPrefix + name), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

        private static KubeObject ClassOf(string name) => new(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["provisioner"] = TopoLvmNames.Legacy.Provisioner,
            ["volumeBindingMode"] = "WaitForFirstConsumer",
            ["parameters"] = name == TopoLvmNames.DefaultClass ? null : new JsonObject { [TopoLvmNames.Legacy.DeviceClassParameter] = name },
        });

        private static KubeObject ClaimOf(int number, (int Class, long Bytes) claim) => new(new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "claim-" + number },
            ["spec"] = new JsonObject { ["storageClassName"] = Classes[claim.Class], ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Text(claim.Bytes) } } },
        });

        private static KubeObject CapacityOf(string node, string name, long bytes) => new(new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "topolvm-system", ["name"] = node + "-" + name },
            ["storageClassName"] = name,
            ["nodeTopology"] = new JsonObject { ["matchLabels"] = new JsonObject { ["topology/node"] = node } },
            ["capacity"] = Text(bytes),
        });
    }
}
