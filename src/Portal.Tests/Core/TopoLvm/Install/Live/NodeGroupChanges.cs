using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Install.Removal;
using Portal.Core.TopoLvm.Lvmd;
using Portal.Core.TopoLvm.Lvmd.Groups;
using Portal.Tests.Testing;

namespace Portal.Tests.Core.TopoLvm.Install.Live;

/// <summary>Groups of nodes with lvmd configurations of their own, against an API server, on nodes that live.</summary>
public abstract class NodeGroupChanges(TestCluster cluster) : ClusterTest(cluster)
{
    private InstallSite _site = null!;

    private LvmdGroup[] Groups => [.. StorageState.From(_site.Context.Cluster.Current).LvmdGroups];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await InstallSite.StartAsync(Cluster, Cancel);
        await _site.RunAsync(new InstallOperation(new()), Cancel);
        await _site.UntilAsync(_ => Groups is [{ Yaml: not null } group] && group.Nodes.Any(node => node.IsReady) && group.Nodes.All(node => node.IsServing == node.IsReady), Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await _site.RunAsync(new RemovalOperation(new() { DeleteData = true }), CancellationToken.None);
        await _site.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Nodes_get_a_configuration_of_their_own_and_come_back_from_it()
    {
        var before = Groups[0];
        var moved = before.Nodes.First(node => node.IsReady).Name;
        var split = new MoveNodesSpec { Namespace = before.Namespace, Base = before.Name, Group = "lvmd-nvme", Nodes = [moved] };

        var deaths = 0;
        while (!await _site.RunAsync(new MoveNodesOperation(split), deaths == 0 ? 1 : 2, Cancel)) deaths++;

        Assert.True(deaths >= 5, $"a move of {deaths} writes");
        Assert.Equal(["lvmd-nvme", before.Name], Groups.Select(group => group.Name));
        Assert.Equal([moved], Groups[0].Nodes.Select(node => node.Name));
        Assert.True(Groups[0].Node(moved)!.IsServing);
        Assert.Equal(before.Yaml, Groups[0].Yaml);
        Assert.DoesNotContain(Groups[1].Nodes, node => node.Name == moved);
        Assert.Equal(before.Nodes.Length - 1, Groups[1].Nodes.Length);

        await _site.RunAsync(new MoveNodesOperation(split with { IsReturn = true, RemovesGroup = true }), Cancel);

        Assert.Equal(before.Name, Assert.Single(Groups).Name);
        Assert.Equal(before.Nodes.Select(node => node.Name), Groups[0].Nodes.Select(node => node.Name));
        Assert.True(Groups[0].Node(moved)!.IsServing);
    }
}

public sealed class RealNodeGroupChanges(RealTestCluster cluster) : NodeGroupChanges(cluster), IClassFixture<RealTestCluster>;

public sealed class SimulatedNodeGroupChanges(SimulatedTestCluster cluster) : NodeGroupChanges(cluster), IClassFixture<SimulatedTestCluster>;
