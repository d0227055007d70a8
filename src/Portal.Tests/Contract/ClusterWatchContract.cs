using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>One snapshot follows what happens in the cluster, also when a kind is added to it.</summary>
public abstract class ClusterWatchContract(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task Every_kind_is_listed_and_then_followed()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watch = new ClusterWatch(Admin, TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        var running = watch.RunAsync(stop.Token);
        await watch.Live.UntilAsync(snapshot => snapshot.IsComplete && snapshot.Api != ApiResources.None, Cancel);

        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var snapshot = await watch.Live.UntilAsync(seen => seen.Namespaces.Items.ContainsKey(new(null, ns)), Cancel);

        Assert.All(snapshot.Freshness, kind => Assert.True(kind.Freshness.IsLive, kind.Kind));
        Assert.True(snapshot.Api.Serves("apps/v1", "DaemonSet"));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_kind_is_followed_as_soon_as_its_definition_is_established()
    {
        // A group of this test alone: the cluster is shared.
        var group = Cluster.Name + ".example.com";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watch = new ClusterWatch(Admin, TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        var running = watch.RunAsync(stop.Token);
        await watch.Live.UntilAsync(snapshot => snapshot.IsComplete && snapshot.Api != ApiResources.None, Cancel);
        Assert.False(watch.Live.Current.Api.Serves(group + "/v1", "LogicalVolume"));

        await Admin.CreateAsync(CustomResourceDefinition.Kind, Definition(group), WriteOptions.Default, Cancel);
        await watch.Live.UntilAsync(snapshot => snapshot.Api.Serves(group + "/v1", "LogicalVolume"), Cancel);

        await Admin.DeleteAsync(CustomResourceDefinition.Kind, new(null, new TopoLvmNames(group).CrdName), DeleteOptions.Default, Cancel);
        await watch.Live.UntilAsync(snapshot => !snapshot.Api.Serves(group + "/v1", "LogicalVolume"), Cancel);
        await stop.CancelAsync();
        await running;
    }

    private static KubeObject Definition(string group) => new(JsonNode.Parse($$"""
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
          "metadata": { "name": "logicalvolumes.{{group}}" },
          "spec": {
            "group": "{{group}}", "scope": "Cluster",
            "names": { "kind": "LogicalVolume", "listKind": "LogicalVolumeList", "plural": "logicalvolumes", "singular": "logicalvolume" },
            "versions": [ { "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object" } } } ]
          }
        }
        """)!.AsObject());
}

public sealed class SimulatedClusterWatchContract(SimulatedTestCluster cluster) : ClusterWatchContract(cluster);

public sealed class RealClusterWatchContract(RealTestCluster cluster) : ClusterWatchContract(cluster);
