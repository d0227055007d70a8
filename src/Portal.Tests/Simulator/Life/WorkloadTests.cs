using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Tests.Simulator.Life;

public sealed class WorkloadTests : LifeTest
{
    private const string Agent = """
        {
          "metadata": { "name": "agent" },
          "spec": {
            "selector": { "matchLabels": { "app": "agent" } },
            "template": {
              "metadata": { "labels": { "app": "agent" } },
              "spec": { "nodeSelector": { "superedge.io/local.pv": "topolvm" }, "containers": [ { "name": "agent", "image": "agent:1" } ] }
            }
          }
        }
        """;

    [Fact]
    public async Task A_daemon_set_follows_the_label_of_the_nodes()
    {
        await CreateAsync(DaemonSet.Kind, Agent);
        await Eventually(async () => Assert.Equal(["edge-hangzhou-1", "edge-hangzhou-2", "edge-shaoxing-1"], await NodesOfAsync("agent")));

        await LabelNodeAsync("edge-wenzhou-1", "topolvm");
        await LabelNodeAsync("edge-hangzhou-1", null);

        await Eventually(async () =>
        {
            Assert.Equal(["edge-hangzhou-2", "edge-shaoxing-1", "edge-wenzhou-1"], await NodesOfAsync("agent"));
            var status = (await Client.GetAsync(DaemonSet.Kind, new("default", "agent"), Cancel)).Status;
            Assert.Equal((3, 3, 3), (status.DesiredNumberScheduled, status.NumberReady, status.UpdatedNumberScheduled));
        });
    }

    [Fact]
    public async Task A_daemon_set_of_a_new_template_replaces_every_pod()
    {
        await CreateAsync(DaemonSet.Kind, Agent);
        await Eventually(async () => Assert.Equal(3, (await NodesOfAsync("agent")).Length));

        await PatchAsync(DaemonSet.Kind, new("default", "agent"), """{ "spec": { "template": { "spec": { "containers": [ { "name": "agent", "image": "agent:2" } ] } } } }""");

        await Eventually(async () =>
        {
            Assert.All(await PodsAsync("default", "agent-"), pod => Assert.Equal("agent:2", pod.Spec.Containers.Single().Image));
            var set = await Client.GetAsync(DaemonSet.Kind, new("default", "agent"), Cancel);
            Assert.Equal((set.Metadata.Generation, 3, 3), (set.Status.ObservedGeneration, set.Status.UpdatedNumberScheduled, set.Status.NumberReady));
        });
    }

    [Fact]
    public async Task A_rolling_update_takes_one_pod_at_a_time_and_waits_for_it()
    {
        await CreateAsync(DaemonSet.Kind, Agent);
        await Eventually(async () => Assert.Equal(3, (await NodesOfAsync("agent")).Length));
        foreach (var node in Cluster.Nodes) node.Change(state => state with { MissingImages = ["agent:2"] });

        await PatchAsync(DaemonSet.Kind, new("default", "agent"), """{ "spec": { "template": { "spec": { "containers": [ { "name": "agent", "image": "agent:2" } ] } } } }""");

        await Eventually(async () =>
        {
            var waiting = Assert.Single(await PodsAsync("default", "agent-"), pod => pod.Spec.Containers.Single().Image == "agent:2");
            Assert.Equal("ImagePullBackOff", WaitingReason(waiting));
            var status = (await Client.GetAsync(DaemonSet.Kind, new("default", "agent"), Cancel)).Status;
            Assert.Equal((3, 2, 1), (status.DesiredNumberScheduled, status.NumberReady, status.UpdatedNumberScheduled));
        });
        Assert.Equal(2, (await NodesOfAsync("agent")).Length);
    }

    [Fact]
    public async Task A_daemon_set_that_is_updated_on_delete_gives_a_deleted_pod_its_current_template()
    {
        await CreateAsync(DaemonSet.Kind, Agent.Replace("\"selector\"", "\"updateStrategy\": { \"type\": \"OnDelete\" }, \"selector\"", StringComparison.Ordinal));
        await Eventually(async () => Assert.Equal(3, (await NodesOfAsync("agent")).Length));
        await PatchAsync(DaemonSet.Kind, new("default", "agent"), """{ "spec": { "template": { "spec": { "containers": [ { "name": "agent", "image": "agent:2" } ] } } } }""");
        await Eventually(async () => Assert.Equal(0, (await Client.GetAsync(DaemonSet.Kind, new("default", "agent"), Cancel)).Status.UpdatedNumberScheduled));
        var old = (await PodsAsync("default", "agent-"))[0];

        await Client.DeleteAsync(Pod.Kind, old.Metadata.ObjectName, DeleteOptions.Default, Cancel);

        await Eventually(async () =>
        {
            var pods = await PodsAsync("default", "agent-");
            var replaced = Assert.Single(pods, pod => pod.Spec.Containers.Single().Image == "agent:2");
            Assert.True(IsReady(replaced));
            Assert.Equal(3, pods.Length);
            Assert.Equal(2, pods.Select(pod => pod.Metadata.Labels["controller-revision-hash"]).Distinct().Count());
            Assert.Equal(1, (await Client.GetAsync(DaemonSet.Kind, new("default", "agent"), Cancel)).Status.UpdatedNumberScheduled);
        });
    }

    [Fact]
    public async Task A_deployment_of_a_new_template_replaces_its_pods_and_says_when_it_is_done()
    {
        await CreateAsync(Deployment.Kind, """
            {
              "metadata": { "name": "web" },
              "spec": {
                "replicas": 3,
                "selector": { "matchLabels": { "app": "web" } },
                "template": { "metadata": { "labels": { "app": "web" } }, "spec": { "containers": [ { "name": "web", "image": "web:1" } ] } }
              }
            }
            """);
        await Eventually(async () => Assert.Equal(3, (await Client.GetAsync(Deployment.Kind, new("default", "web"), Cancel)).Status.AvailableReplicas));

        await PatchAsync(Deployment.Kind, new("default", "web"), """{ "spec": { "template": { "spec": { "containers": [ { "name": "web", "image": "web:2" } ] } } } }""");

        await Eventually(async () =>
        {
            var deployment = await Client.GetAsync(Deployment.Kind, new("default", "web"), Cancel);
            Assert.Equal((deployment.Metadata.Generation, 3, 3, 3),
                (deployment.Status.ObservedGeneration, deployment.Status.Replicas, deployment.Status.UpdatedReplicas, deployment.Status.AvailableReplicas));
            Assert.All(await PodsAsync("default", "web-"), pod => Assert.Equal("web:2", pod.Spec.Containers.Single().Image));
        });
    }

    [Fact]
    public async Task Two_pods_that_must_not_share_a_host_do_not()
    {
        for (var i = 0; i < 2; i++)
        {
            await CreateAsync(Pod.Kind, $$"""
                {
                  "metadata": { "name": "lonely-{{i}}", "labels": { "app": "lonely" } },
                  "spec": {
                    "nodeSelector": { "kubernetes.io/hostname": "edge-hangzhou-1" },
                    "containers": [ { "name": "app", "image": "nginx:1.21" } ],
                    "affinity": { "podAntiAffinity": { "requiredDuringSchedulingIgnoredDuringExecution": [
                      { "topologyKey": "kubernetes.io/hostname", "labelSelector": { "matchLabels": { "app": "lonely" } } } ] } }
                  }
                }
                """);
        }

        await Eventually(async () => Assert.Contains("FailedScheduling", string.Join('\n', [.. await EventsAboutAsync("lonely-0"), .. await EventsAboutAsync("lonely-1")])));
        Assert.Single(await PodsAsync("default", "lonely-"), pod => pod.Spec.NodeName == "edge-hangzhou-1");
    }

    private async Task<string[]> NodesOfAsync(string set) =>
        [.. (await PodsAsync("default", set + "-")).Where(IsReady).Select(pod => pod.Spec.NodeName!).Order(StringComparer.Ordinal)];
}
