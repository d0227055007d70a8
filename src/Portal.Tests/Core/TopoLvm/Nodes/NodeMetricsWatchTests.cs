using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Simulator;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Nodes;

public sealed class NodeMetricsWatchTests
{
    private static readonly string[] Serving = ["edge-hangzhou-1", "edge-hangzhou-2", "edge-shaoxing-1"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sizes_of_volume_groups_come_from_the_nodes_themselves()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.WithEdgeadm, Cancel);

        await Eventually.PassesAsync(() => Assert.All(Serving, name =>
        {
            var group = portal.Simulated.Node(name).State.Current.Storage.VolumeGroups["myvg1"];
            var one = Assert.Single(portal.Storage.FindNode(name)!.Classes);
            Assert.Equal((group.SizeBytes, "myvg1", true), (one.SizeBytes, one.VolumeGroup, one.IsCurrent));
        }), Cancel);
        Assert.Null(portal.Storage.FindNode("edge-ningbo-1")!.Classes.FirstOrDefault()?.SizeBytes);
    }

    [Fact]
    public async Task A_node_that_publishes_another_number_is_read_again()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.WithEdgeadm, Cancel);
        await Eventually.PassesAsync(() => Assert.NotNull(portal.Storage.FindNode(Serving[1])!.Classes.Single().SizeReadAt), Cancel);
        var before = portal.Storage.FindNode(Serving[1])!.Classes.Single().SizeReadAt;
        using var client = new KubeClient(portal.Simulated.Connection);

        var volume = JsonNode.Parse($$$"""{"apiVersion":"topolvm.cybozu.com/v1","kind":"LogicalVolume","metadata":{"name":"new"},"spec":{"name":"new","nodeName":"{{{Serving[1]}}}","size":"1Gi"}}""")!;
        await client.CreateAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), new KubeObject(volume.AsObject()), WriteOptions.Default, Cancel);

        await Eventually.PassesAsync(() => Assert.True(portal.Storage.FindNode(Serving[1])!.Classes.Single().SizeReadAt > before), Cancel);
    }
}
