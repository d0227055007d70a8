using System.Collections.Immutable;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Tests.Core.TopoLvm.Lvmd;

public sealed class LvmdGroupTests
{
    [Fact]
    public void A_group_is_a_ConfigMap_its_DaemonSet_and_the_nodes_that_one_selects()
    {
        var set = GivenLvmd.Lvmd("topolvm-lvmd");
        var nodes = new[]
        {
            GivenLvmd.Node("edge-1", ("capacity.topolvm.cybozu.com/ssd", "5368709120")), GivenLvmd.Node("edge-2"),
            GivenLvmd.Node("other", ("superedge.io/local.pv", "none")),
            GivenLvmd.Node("tainted") with { Spec = new() { Taints = [new("dedicated", "db", "NoSchedule")] } },
            GivenLvmd.Node("cordoned") with { Spec = new() { Taints = [new("node.kubernetes.io/unschedulable", null, "NoSchedule")] } },
        };
        var cluster = GivenLvmd.Cluster(GivenLvmd.Yaml, nodes) with { Pods = GivenLvmd.Of([GivenLvmd.Pod(set, "edge-1")]) };

        var state = StorageState.From(cluster);

        var group = Assert.Single(state.LvmdGroups);
        Assert.Equal(("topolvm-lvmd", "topolvm-lvmd", new Version(0, 10, 0), false), (group.Name, group.ConfigMapName, group.Version, group.IsEmbedded));
        Assert.Equal(["cordoned", "edge-1", "edge-2"], group.Nodes.Select(node => node.Name));
        var first = Assert.Single(group.Node("edge-1")!.DeviceClasses);
        Assert.Equal(("ssd", "myvg1", 1L << 30, 5368709120), (first.Config.Name, first.Config.VolumeGroup, first.Config.SpareBytes, first.AvailableBytes));
        Assert.NotNull(group.Node("edge-1")!.Lvmd);
        Assert.Null(group.Node("edge-2")!.Lvmd);
        Assert.Same(group, state.LvmdGroupOf("edge-2"));
        Assert.Null(state.LvmdGroupOf("other"));
    }

    [Fact]
    public void Lvmd_inside_topolvm_node_is_a_group_too()
    {
        var set = GivenLvmd.Lvmd("topolvm-node", "ghcr.io/topolvm/topolvm-with-sidecar:0.41.0", "/topolvm-node", "--embed-lvmd", "--config=/etc/topolvm/own.yaml");
        var cluster = GivenLvmd.Cluster() with
        {
            DaemonSets = GivenLvmd.Of([set]),
            ConfigMaps = GivenLvmd.Of([GivenLvmd.Map("topolvm-node", "") with { Data = ImmutableDictionary<string, string>.Empty.Add("own.yaml", GivenLvmd.Yaml) }]),
        };

        var group = Assert.Single(LvmdGroup.FindAll(cluster, null));

        Assert.Equal((true, "own.yaml", "ssd", new Version(0, 41, 0)), (group.IsEmbedded, group.Key, group.Config.DeviceClasses[0].Name, group.Version));
    }

    [Fact]
    public void Groups_with_disjoint_selectors_share_no_node()
    {
        var affinity = new PodAffinity(new NodeAffinity(new NodeSelection
        {
            NodeSelectorTerms = [new() { MatchExpressions = [new("group", "DoesNotExist")] }],
        }));
        var (first, second) = (GivenLvmd.Lvmd("topolvm-lvmd"), GivenLvmd.Lvmd("topolvm-lvmd-1"));
        first = first with { Spec = first.Spec with { Template = new() { Spec = first.Spec.Template.Spec with { Affinity = affinity } } } };
        second = second with { Spec = second.Spec with { Template = new() { Spec = second.Spec.Template.Spec with { NodeSelector = ImmutableDictionary<string, string>.Empty.Add("group", "nvme") } } } };
        var cluster = GivenLvmd.Cluster(GivenLvmd.Yaml, GivenLvmd.Node("edge-1"), GivenLvmd.Node("edge-2", ("group", "nvme"))) with { DaemonSets = GivenLvmd.Of([first, second]) };

        var groups = LvmdGroup.FindAll(cluster, null);

        Assert.Equal(["edge-1"], groups[0].Nodes.Select(node => node.Name));
        Assert.Equal(["edge-2"], groups[1].Nodes.Select(node => node.Name));
        Assert.Null(groups[1].Yaml);
    }
}
