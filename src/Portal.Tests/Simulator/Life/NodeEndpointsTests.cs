using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Tests.Simulator.Life;

public sealed class NodeEndpointsTests : LifeTest
{
    private const string Home = "topolvm-system";

    [Fact]
    public async Task A_kubelet_tells_how_full_the_volumes_of_its_pods_are()
    {
        await RunTopoLvmAsync();
        var node = await RunAppAsync();

        var volume = await VolumeAsync(node);
        Assert.Equal(("data", "default"), ((string?)volume["pvcRef"]!["name"], (string?)volume["pvcRef"]!["namespace"]));
        var (capacity, used) = ((long)volume["capacityBytes"]!, (long)volume["usedBytes"]!);
        Assert.InRange(capacity, 9L << 29, 5L << 30);
        Assert.InRange(used, 1, capacity);
        Assert.Equal(capacity - used, (long)volume["availableBytes"]!);
        Assert.Equal((long)volume["inodes"]!, (long)volume["inodesUsed"]! + (long)volume["inodesFree"]!);

        await PatchAsync(PersistentVolumeClaim.Kind, new("default", "data"), """{ "spec": { "resources": { "requests": { "storage": "8Gi" } } } }""");
        await Eventually(async () => Assert.InRange((long)(await VolumeAsync(node))["capacityBytes"]!, 7L << 30, 8L << 30));
    }

    [Fact]
    public async Task Topolvm_node_tells_what_its_classes_have()
    {
        await InstallTopoLvmAsync();
        await Eventually(async () =>
        {
            var pod = (await PodsAsync(Home, "topolvm-node-")).Single(pod => pod.Spec.NodeName == "edge-hangzhou-2");
            var text = await ThroughAsync(ProxyTarget.Pods, new(Home, pod.Metadata.Name + ":8080"), "metrics");
            var group = Cluster.Node("edge-hangzhou-2").State.Current.Storage.VolumeGroups["myvg1"];
            Assert.Contains($"topolvm_volumegroup_available_bytes{{device_class=\"ssd\",node=\"edge-hangzhou-2\"}} {group.FreeBytes}\n", text);
            Assert.Contains($"topolvm_volumegroup_size_bytes{{device_class=\"ssd\",node=\"edge-hangzhou-2\"}} {group.SizeBytes}\n", text);
            Assert.DoesNotContain("thinpool", text);
        });
    }

    [Fact]
    public async Task What_is_out_of_reach_is_told_as_the_API_server_tells_it()
    {
        await InstallTopoLvmAsync();
        await Eventually(async () => Assert.True(IsReady((await PodsAsync(Home, "topolvm-node-")).Single(pod => pod.Spec.NodeName == "edge-hangzhou-2"))));
        var pod = (await PodsAsync(Home, "topolvm-node-")).Single(pod => pod.Spec.NodeName == "edge-hangzhou-2").Metadata.Name;

        var closed = await RefusedAsync(ProxyTarget.Pods, new(Home, pod + ":9999"), "metrics");
        Assert.Equal(503, closed.Status.Code);
        Assert.EndsWith(":9999: connect: connection refused", closed.Status.Message);
        Assert.Equal(404, (await RefusedAsync(ProxyTarget.Nodes, new(null, "edge-nowhere"), "stats/summary")).Status.Code);
        var offline = await RefusedAsync(ProxyTarget.Nodes, new(null, "edge-ningbo-1"), "stats/summary");
        Assert.Equal((503, "error trying to reach service: dial tcp 192.168.10.14:10250: i/o timeout"), (offline.Status.Code, offline.Status.Message));
    }

    private async Task<JsonNode> VolumeAsync(string node)
    {
        var summary = JsonNode.Parse(await ThroughAsync(ProxyTarget.Nodes, new(null, node), "stats/summary"))!;
        return summary["pods"]!.AsArray().Single(pod => (string?)pod!["podRef"]!["name"] == "app")!["volume"]![0]!;
    }

    private async Task<string> ThroughAsync(ProxyTarget target, ObjectName name, string path) => Encoding.UTF8.GetString(await Client.GetThroughAsync(target, name, path, Cancel));

    private Task<KubeException> RefusedAsync(ProxyTarget target, ObjectName name, string path) => Assert.ThrowsAsync<KubeException>(() => Client.GetThroughAsync(target, name, path, Cancel));
}
