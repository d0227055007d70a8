using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;

namespace Portal.Tests.Simulator.Life;

public sealed class NodeLifecycleTests
{
    [Fact]
    public async Task A_silent_node_that_another_process_plays_is_tainted_so_that_no_pod_is_bound_to_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var controlPlane = await SimulatedCluster.StartAsync(new Scenario("without nodes", []), null, cancel);
        await using var nodes = SimulatedLife.Start(controlPlane.Connection, Scenario.Bare.Nodes, new() { PlaysControlPlane = false });
        using var client = new KubeClient(controlPlane.Connection);

        await Eventually.PassesAsync(async () => Assert.Contains(await TaintsAsync("edge-ningbo-1"), taint => taint.Key == "node.kubernetes.io/unreachable"), cancel);
        Assert.Empty(await TaintsAsync("edge-ningbo-2"));

        nodes.Node("edge-ningbo-1").BringOnline();
        await Eventually.PassesAsync(async () => Assert.Empty(await TaintsAsync("edge-ningbo-1")), cancel);

        async Task<IReadOnlyCollection<Taint>> TaintsAsync(string node) => (await client.GetAsync(Node.Kind, new(null, node), cancel)).Spec.Taints;
    }
}
