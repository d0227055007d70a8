using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Tests.Simulator.Life;

public sealed class KubeletTests : LifeTest
{
    [Fact]
    public async Task A_cut_off_node_is_there_and_nothing_is_known_of_it()
    {
        var ready = (await NodeAsync("edge-ningbo-1")).Status.Conditions.Single(condition => condition.Type == "Ready");

        Assert.Equal("Unknown", ready.Status);
        Assert.Equal("Kubelet stopped posting node status.", ready.Message);
        Assert.True(ready.LastTransitionTime < TimeProvider.System.GetUtcNow().AddHours(-6));
        Assert.Equal("True", (await NodeAsync("edge-hangzhou-1")).Status.Conditions.Single(condition => condition.Type == "Ready").Status);
    }

    [Fact]
    public async Task A_pod_waits_for_its_config_map_and_runs_once_it_is_there()
    {
        await CreateAsync(Pod.Kind, """
            {
              "metadata": { "name": "app" },
              "spec": {
                "containers": [ { "name": "app", "image": "nginx:1.21" } ],
                "volumes": [ { "name": "settings", "configMap": { "name": "app-settings" } } ]
              }
            }
            """);
        await Eventually(async () =>
        {
            Assert.Equal("ContainerCreating", WaitingReason(await PodAsync("app")));
            Assert.Contains("FailedMount: MountVolume.SetUp failed for volume \"settings\" : configmap \"app-settings\" not found", await EventsAboutAsync("app"));
        });

        await CreateAsync(new KubeKind("", "v1", "configmaps", "ConfigMap", true), """{ "metadata": { "name": "app-settings" } }""");

        await Eventually(async () => Assert.True(IsReady(await PodAsync("app"))));
    }

    [Fact]
    public async Task A_pod_whose_image_is_missing_backs_off_and_runs_once_it_can_be_pulled()
    {
        foreach (var node in Cluster.Nodes) node.Change(state => state with { MissingImages = ["nginx:9"] });
        await CreateAsync(Pod.Kind, """{ "metadata": { "name": "app" }, "spec": { "containers": [ { "name": "app", "image": "nginx:9" } ] } }""");
        await Eventually(async () => Assert.Equal("ImagePullBackOff", WaitingReason(await PodAsync("app"))));

        foreach (var node in Cluster.Nodes) node.Change(state => state with { MissingImages = [] });

        await Eventually(async () => Assert.True(IsReady(await PodAsync("app"))));
    }

    [Fact]
    public async Task A_pod_that_is_not_restarted_ends_with_its_exit_code()
    {
        await CreateAsync(Pod.Kind, """{ "metadata": { "name": "good" }, "spec": { "restartPolicy": "Never", "containers": [ { "name": "job", "image": "busybox" } ] } }""");
        await CreateAsync(Pod.Kind, """
            {
              "metadata": { "name": "bad", "annotations": { "simulator/exit-code": "3" } },
              "spec": { "restartPolicy": "Never", "containers": [ { "name": "job", "image": "busybox" } ] }
            }
            """);

        await Eventually(async () =>
        {
            Assert.Equal("Succeeded", (await PodAsync("good")).Status.Phase);
            Assert.Equal(3, (await PodAsync("bad")).Status.ContainerStatuses.Single().State.Terminated?.ExitCode);
        });
        Assert.Equal("Failed", (await PodAsync("bad")).Status.Phase);
    }

    [Fact]
    public async Task A_node_that_goes_offline_takes_its_pods_readiness_and_gives_it_back()
    {
        await CreateAsync(Pod.Kind, """
            {
              "metadata": { "name": "app" },
              "spec": { "nodeSelector": { "kubernetes.io/hostname": "edge-hangzhou-1" }, "containers": [ { "name": "app", "image": "nginx:1.21" } ] }
            }
            """);
        await Eventually(async () => Assert.True(IsReady(await PodAsync("app"))));

        Cluster.Node("edge-hangzhou-1").TakeOffline();
        await Eventually(async () =>
        {
            Assert.False(IsReady(await PodAsync("app")));
            Assert.Equal("Unknown", (await NodeAsync("edge-hangzhou-1")).Status.Conditions.Single(condition => condition.Type == "Ready").Status);
            Assert.Contains((await NodeAsync("edge-hangzhou-1")).Spec.Taints, taint => taint.Key == "node.kubernetes.io/unreachable");
        });

        Cluster.Node("edge-hangzhou-1").BringOnline();
        await Eventually(async () =>
        {
            Assert.True(IsReady(await PodAsync("app")));
            Assert.Empty((await NodeAsync("edge-hangzhou-1")).Spec.Taints);
        });
    }
}
