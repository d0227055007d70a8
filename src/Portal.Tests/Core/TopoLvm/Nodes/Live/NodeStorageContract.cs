using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Nodes;
using Portal.Tests.Core.TopoLvm.Install.Live;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Nodes.Live;

/// <summary>Enabling nodes for storage and the contrary against an API server, on nodes that live.</summary>
public abstract class NodeStorageContract(TestCluster cluster) : ClusterTest(cluster)
{
    private static readonly NodeLabel Label = NodeLabel.Default;
    private static readonly ObjectName Node2 = new(null, "edge-ningbo-2");

    [Fact]
    public async Task An_enabled_node_serves_and_a_disabled_one_carries_nothing_of_TopoLVM()
    {
        await using var site = await InstallSite.StartAsync(Cluster, Cancel);
        await site.RunAsync(new InstallOperation(new()), Cancel);
        await Admin.PatchAsync(Node.Kind, Node2, Patch.Merge("""{"metadata":{"labels":{"rack":"7"}}}"""), WriteOptions.Default, Cancel);
        var enable = new NodeStorageOperation(new() { Nodes = [Node2.Name, "edge-ningbo-1"], IsEnabled = true });

        for (var death = 1; !await site.RunAsync(enable, death, Cancel); death++) { }

        var node = await Admin.GetAsync(Node.Kind, Node2, Cancel);
        Assert.True(Label.IsOn(node.Metadata));
        Assert.Contains(TopoLvmNames.Legacy.CapacityAnnotationPrefix + "ssd", node.Metadata.Annotations.Keys);
        await site.UntilAsync(snapshot => StorageState.From(snapshot).FindNode(Node2.Name)!.IsServing, Cancel);
        var offline = StorageState.From(site.Context.Cluster.Current).FindNode("edge-ningbo-1")!;
        Assert.Equal((true, false, false), (offline.IsEnabled, offline.IsReady, offline.IsServing));

        var disable = new NodeStorageOperation(new() { Nodes = [Node2.Name] });
        for (var death = 1; !await site.RunAsync(disable, death, Cancel); death++) { }

        node = await Admin.GetAsync(Node.Kind, Node2, Cancel);
        Assert.Equal("7", node.Metadata.Labels["rack"]);
        Assert.DoesNotContain(Label.Key, node.Metadata.Labels.Keys);
        Assert.DoesNotContain(node.Metadata.Annotations.Keys, key => key.StartsWith(TopoLvmNames.Legacy.CapacityAnnotationPrefix, StringComparison.Ordinal));
        Assert.DoesNotContain(TopoLvmNames.Legacy.NodeFinalizer, node.Metadata.Finalizers);
    }

    [Fact]
    public async Task A_node_with_a_volume_is_not_disabled()
    {
        await using var site = await InstallSite.StartAsync(Cluster, Cancel);
        await site.RunAsync(new InstallOperation(new()), Cancel);
        var volume = System.Text.Json.Nodes.JsonNode.Parse("""{"apiVersion":"topolvm.cybozu.com/v1","kind":"LogicalVolume","metadata":{"name":"kept"},"spec":{"name":"kept","nodeName":"edge-hangzhou-1","size":"1Gi"}}""")!;
        await Admin.CreateAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), new KubeObject(volume.AsObject()), WriteOptions.Default, Cancel);
        await site.UntilAsync(snapshot => snapshot.LegacyLogicalVolumes.Items.Count == 1, Cancel);

        var refused = await Assert.ThrowsAsync<OperationFailedException>(() => site.RunAsync(new NodeStorageOperation(new() { Nodes = ["edge-hangzhou-1"] }), Cancel));

        Assert.Contains("Node edge-hangzhou-1 holds volumes (1 in all: kept)", refused.Message, StringComparison.Ordinal);
        Assert.True(Label.IsOn((await Admin.GetAsync(Node.Kind, new(null, "edge-hangzhou-1"), Cancel)).Metadata));
    }

    [Fact]
    public async Task What_somebody_else_does_to_the_label_is_not_lost()
    {
        await using var site = await InstallSite.StartAsync(Cluster, Cancel);
        await SetAsync("null");
        var seen = await Admin.GetAsync(Node.Kind, Node2, Cancel);
        await SetAsync("\"mine\"");

        await RefusedAsync(LabelPatch.Setting(seen, Label)!);
        seen = await Admin.GetAsync(Node.Kind, Node2, Cancel);
        await SetAsync("\"other\"");
        await RefusedAsync(LabelPatch.Setting(seen, Label)!);
        await SetAsync("\"topolvm\"");
        seen = await Admin.GetAsync(Node.Kind, Node2, Cancel);
        Assert.Null(LabelPatch.Setting(seen, Label));
        await SetAsync("\"third\"");
        await RefusedAsync(LabelPatch.Removing(seen, Label)!);

        Assert.Equal("third", (await Admin.GetAsync(Node.Kind, Node2, Cancel)).Metadata.Labels[Label.Key]);
    }

    private Task SetAsync(string value) =>
        Admin.PatchAsync(Node.Kind, Node2, Patch.Merge($$$$"""{"metadata":{"labels":{"{{{{Label.Key}}}}":{{{{value}}}} } } }"""), WriteOptions.Default, Cancel);

    private async Task RefusedAsync(Patch patch) =>
        Assert.Equal(422, (await Assert.ThrowsAsync<KubeException>(() => Admin.PatchAsync(Node.Kind, Node2, patch, WriteOptions.Default, Cancel))).Status.Code);
}

public sealed class RealNodeStorage(RealTestCluster cluster) : NodeStorageContract(cluster), IClassFixture<RealTestCluster>;

public sealed class SimulatedNodeStorage(SimulatedTestCluster cluster) : NodeStorageContract(cluster), IClassFixture<SimulatedTestCluster>;
