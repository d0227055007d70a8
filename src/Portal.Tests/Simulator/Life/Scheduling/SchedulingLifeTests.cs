using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator;
using Portal.Simulator.Life.Scheduling;
using Portal.Simulator.Scenarios;
using Portal.Tests.Testing;

namespace Portal.Tests.Simulator.Life.Scheduling;

public sealed class ExtenderLifeTests : LifeTest
{
    private static readonly ObjectName Options = new("topolvm-system", "topolvm-scheduler-options");

    [Fact]
    public async Task Options_are_read_when_topolvm_scheduler_starts_and_not_before()
    {
        await InstallTopoLvmAsync();
        await AnswersAsync(extender => extender.Divisors.IsEmpty);

        await PatchAsync(ConfigMap.Kind, Options, new JsonObject { ["data"] = new JsonObject { ["scheduler-options.yaml"] = "listen: localhost:9251\ndivisors: {ssd: 8}\n" } }.ToJsonString());
        Assert.Empty(Cluster.Node("master-1").State.Current.Extender!.Divisors);
        await PatchAsync(DaemonSet.Kind, new("topolvm-system", "topolvm-scheduler"), """{"spec":{"template":{"metadata":{"annotations":{"checksum/config":"other"}}}}}""");

        await AnswersAsync(extender => extender.Divisors.GetValueOrDefault("ssd") == 8);
    }

    [Fact]
    public async Task With_a_divisor_that_cannot_be_used_it_does_not_start_and_marked_pods_wait()
    {
        await InstallTopoLvmAsync();
        await Eventually(async () => Assert.Contains((await NodeAsync("edge-hangzhou-1")).Metadata.Annotations.Keys, key => key.StartsWith("capacity.", StringComparison.Ordinal)));
        await PatchAsync(ConfigMap.Kind, Options, new JsonObject { ["data"] = new JsonObject { ["scheduler-options.yaml"] = "listen: localhost:9251\ndivisors: {ssd: 0}\n" } }.ToJsonString());
        await PatchAsync(DaemonSet.Kind, new("topolvm-system", "topolvm-scheduler"), """{"spec":{"template":{"metadata":{"annotations":{"checksum/config":"other"}}}}}""");
        await Eventually(async () => Assert.Equal("CrashLoopBackOff", WaitingReason(Assert.Single(await PodsAsync("topolvm-system", "topolvm-scheduler-")))));

        await CreateClaimAsync("data", "5Gi");
        await CreatePodWithAsync("data");

        await Eventually(async () => Assert.Contains(await EventsAboutAsync("app"), one => one.Contains("connection refused", StringComparison.Ordinal)));
        Assert.Null((await PodAsync("app")).Spec.NodeName);
    }

    [Fact]
    public async Task A_choice_that_could_not_be_written_is_made_again_and_the_same()
    {
        await RunTopoLvmAsync();
        await AnswersAsync(_ => true);
        Cluster.Faults.Refuse(1, 500, (method, path) => method == "PATCH" && path.EndsWith("/persistentvolumeclaims/data", StringComparison.Ordinal));

        Assert.Equal("edge-hangzhou-1", await RunAppAsync());
    }

    private Task AnswersAsync(Func<RunningExtender, bool> condition) =>
        Cluster.Node("master-1").State.UntilAsync(state => state.Extender is { } extender && condition(extender), Cancel);
}

public sealed class CapacityTrackingLifeTests : LifeTest
{
    protected override Scenario Scenario => Scenario.Bare with { ServerVersion = "v1.22.6", SchedulerAsksExtender = false };

    [Fact]
    public async Task Capacity_objects_say_what_the_nodes_publish_and_decide_where_pods_go()
    {
        await StandingTopoLvm.CreateAsync(Client, new InstallSpec { Scheduling = SchedulingMode.CapacityTracking }, TimeProvider.System, Cancel);
        await Eventually(async () =>
        {
            var published = (await Client.ListAsync(CsiStorageCapacity.KindIn("v1beta1"), ListQuery.All, Cancel)).Items;
            Assert.Equal(3, published.Length);
            foreach (var one in published)
            {
                var node = await NodeAsync(one.NodeTopology!.MatchLabels[TopoLvmNames.Legacy.TopologyLabel]);
                Assert.Equal(node.Metadata.Annotations[TopoLvmNames.Legacy.CapacityAnnotationPrefix + TopoLvmNames.DefaultClass], Quantity.Parse(one.Capacity!).Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        });

        await CreateClaimAsync("small", "300Gi");
        await CreatePodWithAsync("small", "small");
        await CreateClaimAsync("large", "9000Gi");
        await CreatePodWithAsync("large", "large");

        await Eventually(async () =>
        {
            Assert.Equal("edge-hangzhou-1", (await PodAsync("small")).Spec.NodeName);
            Assert.Contains(await EventsAboutAsync("large"), one => one.Contains("3 node(s) did not have enough free storage", StringComparison.Ordinal));
        });
    }
}

public sealed class KubeSchedulerPodTests : LifeTest
{
    protected override Scenario Scenario => Scenario.Demo;

    [Fact]
    public async Task The_flags_of_kube_schedulers_own_pod_decide_whether_the_extender_is_asked()
    {
        var name = new ObjectName("kube-system", "kube-scheduler-master-1");
        var kind = new KubeKind<KubeObject>("", "v1", "pods", "Pod", true, KubeJson.Of<KubeObject>());
        var pod = await Client.GetAsync(kind, name, Cancel);
        await Client.DeleteAsync(Pod.Kind, name, new DeleteOptions { GracePeriodSeconds = 0 }, Cancel);
        var bare = (JsonObject)pod.Json.DeepClone();
        bare["spec"]!["containers"]![0]!["command"] = new JsonArray("kube-scheduler", "--kubeconfig=/etc/kubernetes/scheduler.conf");
        foreach (var field in new[] { "uid", "resourceVersion", "creationTimestamp", "managedFields" }) bare["metadata"]!.AsObject().Remove(field);
        await Eventually(async () => Assert.Null(await Client.FindAsync(kind, name, Cancel)));
        await Client.CreateAsync(kind, new KubeObject(bare), WriteOptions.Default, Cancel);

        await InstallTopoLvmAsync();
        await Eventually(async () => Assert.True(IsReady(Assert.Single(await PodsAsync("topolvm-system", "topolvm-controller-")))));
        await CreateClaimAsync("data", "5Gi");
        await CreatePodWithAsync("data");

        await Eventually(async () => Assert.Contains(await EventsAboutAsync("app"), one => one.Contains("Insufficient topolvm.cybozu.com/capacity", StringComparison.Ordinal)));
    }
}
