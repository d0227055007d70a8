using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;

namespace Portal.Tests.Simulator.Life;

public sealed class LvmdTests : LifeTest
{
    private const string Home = "topolvm-system";
    private const string Node = "edge-hangzhou-1";

    private static readonly KubeKind<KubeObject> Documents = new("", "v1", "pods", "Pod", true, KubeJson.Of<KubeObject>());
    private static readonly KubeKind<KubeObject> ConfigMaps = new("", "v1", "configmaps", "ConfigMap", true, KubeJson.Of<KubeObject>());

    [Fact]
    public async Task A_changed_file_does_nothing_until_the_pod_is_replaced()
    {
        await InstalledAsync();
        var free = Annotation(await NodeAsync(Node), "ssd");
        await WriteFileAsync("device-classes: [{name: fast, volume-group: myvg1, default: true}]");
        var pod = await PodOnAsync("topolvm-lvmd-", Node);
        Assert.Equal((free, null), (Annotation(await NodeAsync(Node), "ssd"), Annotation(await NodeAsync(Node), "fast")));

        await Client.DeleteAsync(Pod.Kind, pod.Metadata.ObjectName, DeleteOptions.Default, Cancel);

        await Eventually(async () => Assert.Equal(free, Annotation(await NodeAsync(Node), "fast")));
        // TopoLVM never takes an annotation back.
        Assert.Equal(free, Annotation(await NodeAsync(Node), "ssd"));
        Assert.Null(Annotation(await NodeAsync("edge-hangzhou-2"), "fast"));
    }

    [Fact]
    public async Task A_refused_file_crashes_lvmd_and_its_words_stand_in_the_status_and_in_the_log()
    {
        await InstalledAsync();
        await WriteFileAsync("device-classes: [{name: ssd, volume-group: gone, default: true}]");
        await Client.DeleteAsync(Pod.Kind, (await PodOnAsync("topolvm-lvmd-", Node)).Metadata.ObjectName, DeleteOptions.Default, Cancel);

        await Eventually(async () =>
        {
            var lvmd = await PodOnAsync("topolvm-lvmd-", Node);
            var container = lvmd.Status.ContainerStatuses.Single();
            Assert.Equal("CrashLoopBackOff", container.State.Waiting?.Reason);
            Assert.StartsWith("back-off 40s restarting failed container=lvmd", container.State.Waiting?.Message);
            Assert.Equal("volume group not found: gone", (string?)(await Client.GetAsync(Documents, lvmd.Metadata.ObjectName, Cancel)).Json["status"]!["containerStatuses"]![0]!["lastState"]!["terminated"]!["message"]);
            Assert.True(container.RestartCount >= 2);
            Assert.Contains("BackOff: Back-off restarting failed container", await EventsAboutAsync(lvmd.Metadata.Name, Home));
            Assert.Contains("Error: volume group not found: gone", await LogAsync(lvmd, "lvmd", previous: false));
            Assert.Contains("Error: volume group not found: gone", await LogAsync(lvmd, "lvmd", previous: true));
        });
        await Eventually(async () =>
        {
            var plugin = await PodOnAsync("topolvm-node-", Node);
            Assert.False(IsReady(plugin));
            Assert.Contains("Error: failed to connect to lvmd: dial unix /run/topolvm/lvmd.sock: connect: no such file or directory", await LogAsync(plugin, "topolvm-node", previous: true));
        });
        Assert.Equal(Free(Node), long.Parse(Annotation(await NodeAsync(Node), "ssd")!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task While_lvmd_is_down_the_annotations_go_stale_and_volumes_cannot_be_mounted()
    {
        await InstalledAsync();
        var before = Annotation(await NodeAsync(Node), "ssd");
        foreach (var node in Cluster.Nodes) node.Change(state => state with { MissingImages = [LvmdImage] });
        await Client.DeleteAsync(Pod.Kind, (await PodOnAsync("topolvm-lvmd-", Node)).Metadata.ObjectName, DeleteOptions.Default, Cancel);
        await Eventually(async () => Assert.False(IsReady(await PodOnAsync("topolvm-node-", Node))));

        Cluster.Node(Node).Change(state => state with { Storage = state.Storage.WithVolume("myvg1", "by-hand", 7L << 30) });
        Assert.Equal(before, Annotation(await NodeAsync(Node), "ssd"));

        foreach (var node in Cluster.Nodes) node.Change(state => state with { MissingImages = [] });
        await Eventually(async () =>
        {
            Assert.True(IsReady(await PodOnAsync("topolvm-node-", Node)));
            Assert.NotEqual(0, (await PodOnAsync("topolvm-node-", Node)).Status.ContainerStatuses.Sum(container => container.RestartCount));
            Assert.Equal(Free(Node), long.Parse(Annotation(await NodeAsync(Node), "ssd")!, System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    [Fact]
    public async Task The_log_of_a_pod_asks_which_container_and_an_offline_node_does_not_answer()
    {
        await InstalledAsync();
        var plugin = await PodOnAsync("topolvm-node-", Node);

        var which = await Assert.ThrowsAsync<KubeException>(() => LogAsync(plugin, null, previous: false));
        Assert.Equal($"a container name must be specified for pod {plugin.Metadata.Name}, choose one of: [topolvm-node csi-registrar liveness-probe]", which.Status.Message);
        var none = await Assert.ThrowsAsync<KubeException>(() => LogAsync(plugin, "csi-registrar", previous: true));
        Assert.Equal($"previous terminated container \"csi-registrar\" in pod \"{plugin.Metadata.Name}\" not found", none.Status.Message);

        Cluster.Node(Node).TakeOffline();
        var silent = await Assert.ThrowsAsync<KubeException>(() => LogAsync(plugin, "topolvm-node", previous: false));
        Assert.EndsWith("dial tcp 192.168.10.11:10250: i/o timeout", silent.Status.Message);
    }

    private const string LvmdImage = "superedge.tencentcloudcr.com/superedge/topolvm-with-sidecar:0.10.0";

    private async Task InstalledAsync()
    {
        await InstallTopoLvmAsync();
        await Eventually(async () => Assert.NotNull(Annotation(await NodeAsync(Node), "ssd")));
        await Eventually(async () => Assert.True(IsReady(await PodOnAsync("topolvm-node-", Node))));
    }

    private Task WriteFileAsync(string text) => PatchAsync(ConfigMaps, new(Home, "topolvm-lvmd"), new JsonObject { ["data"] = new JsonObject { ["lvmd.yaml"] = text } }.ToJsonString());

    private async Task<Pod> PodOnAsync(string prefix, string node) => (await PodsAsync(Home, prefix)).Single(pod => pod.Spec.NodeName == node);

    private async Task<string[]> LogAsync(Pod pod, string? container, bool previous)
    {
        List<string> lines = [];
        await foreach (var line in Client.LogAsync(pod.Metadata.ObjectName, new LogQuery { Container = container, Previous = previous }, Cancel)) lines.Add(line);
        return [.. lines];
    }

    private static string? Annotation(Node node, string name) => node.Metadata.Annotations.GetValueOrDefault(TopoLvmNames.Legacy.CapacityAnnotationPrefix + name);

    private long Free(string node) => Cluster.Node(node).State.Current.Storage.VolumeGroups["myvg1"].FreeBytes;
}
