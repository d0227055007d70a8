using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Nodes;
using Portal.Tests.Core.Disks;
using Portal.Tests.Core.TopoLvm.Lvmd;

namespace Portal.Tests.Core.TopoLvm.Nodes;

public sealed class NodeGatesTests
{
    private const string TwoClasses = "device-classes:\n- name: ssd\n  volume-group: myvg1\n  default: true\n- name: hdd\n  volume-group: myvg2\n";

    [Theory]
    [InlineData("edge-1", "capacity.topolvm.cybozu.com/ssd", "Nobody has seen volume group myvg2 on node edge-1.")]
    [InlineData("edge-1", "capacity.topolvm.cybozu.com/other", "Nobody has seen volume group myvg1, myvg2 on node edge-1.")]
    public void A_volume_group_that_the_node_has_never_told_of_is_warned_of(string name, string annotation, string warning)
    {
        var node = NodeWith(TwoClasses, GivenLvmd.Node(name, (annotation, "1")));

        Assert.StartsWith(warning, NodeGates.WhyLvmdMayEnd(node, null)!.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_every_group_has_been_seen_nothing_is_warned_of() =>
        Assert.Null(NodeGates.WhyLvmdMayEnd(NodeWith(TwoClasses, GivenLvmd.Node("edge-1", ("capacity.topolvm.cybozu.com/ssd", "1"), ("capacity.topolvm.cybozu.com/hdd", "0"))), null));

    [Fact]
    public void What_the_agent_finds_on_the_node_counts_more_than_what_TopoLVM_has_published()
    {
        var node = NodeWith(TwoClasses, GivenLvmd.Node("edge-1", ("capacity.topolvm.cybozu.com/hdd", "1")));
        var inventory = GivenNode.With(GivenNode.Disk("vdb")).WithPhysicalVolume("vdb", "myvg1");

        Assert.StartsWith("The agent of edge-1 does not find volume group myvg2.", NodeGates.WhyLvmdMayEnd(node, inventory)!.English, StringComparison.Ordinal);
        Assert.Equal(["myvg2"], NodeGates.GroupsUnseen(node, inventory));
    }

    [Fact]
    public void An_enabled_node_without_volumes_can_be_disabled_and_not_be_enabled()
    {
        var node = NodeWith(GivenLvmd.Yaml, GivenLvmd.Node("edge-1"));

        Assert.Null(NodeGates.WhyNotDisable(node));
        Assert.Equal("Storage is enabled on node edge-1 already.", NodeGates.WhyNotEnable(node)!.English);
    }

    [Fact]
    public void A_node_that_is_being_deleted_is_not_enabled()
    {
        var given = GivenLvmd.Node("edge-1", (NodeLabel.Default.Key, "other"));
        var node = NodeWith(GivenLvmd.Yaml, given with { Metadata = given.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } });

        Assert.Equal("Node edge-1 is being deleted.", NodeGates.WhyNotEnable(node)!.English);
        Assert.Equal("Storage is not enabled on node edge-1.", NodeGates.WhyNotDisable(node)!.English);
    }

    [Fact]
    public void A_claim_on_its_way_stands_against_disabling()
    {
        var claim = new PersistentVolumeClaim { Metadata = new() { Namespace = "shop", Name = "data" } };
        var node = NodeWith(GivenLvmd.Yaml, GivenLvmd.Node("edge-1")) with { OnTheWay = [new Volume(claim, null, null, null)] };

        Assert.StartsWith("Claims are on their way to node edge-1 (1 in all: shop/data).", NodeGates.WhyNotDisable(node)!.English, StringComparison.Ordinal);
    }

    private static StorageNode NodeWith(string yaml, Node node) => StorageState.From(GivenLvmd.Cluster(yaml, node)).FindNode(node.Metadata.Name)!;
}
