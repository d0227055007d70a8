using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>What the API server says instead of a kubelet, or of a Pod's own server, that it cannot or may not ask.</summary>
public abstract class ProxyContract(TestCluster cluster) : ClusterTest(cluster)
{
    private const string Summary = "stats/summary";

    private readonly List<string> _nodes = [];

    private KubeClient Stranger => Admin.As(new Impersonation("stranger") { Groups = ["nobody-knows-us"] });

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in _nodes) await Admin.DeleteAsync(Node.Kind, new(null, node), DeleteOptions.Default, Cancel);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_kubelet_that_cannot_be_reached_is_told_of_as_unavailable()
    {
        var node = await NewNodeAsync();

        await Eventually.PassesAsync(async () =>
        {
            var refusal = await RefusedAsync(Admin, ProxyTarget.Nodes, new(null, node), Summary);
            // Releases differ in the number, not in the words.
            Assert.InRange(refusal.Status.Code, 500, 503);
            Assert.StartsWith("error trying to reach service: dial ", refusal.Status.Message, StringComparison.Ordinal);
            Assert.StartsWith("The API server cannot reach what stands behind ", KubeProblem.Explain(refusal).English, StringComparison.Ordinal);
        }, Cancel);
    }

    [Fact]
    public async Task Who_may_not_ask_kubelets_is_told_which_right_is_missing()
    {
        var node = await NewNodeAsync();

        var refusal = await RefusedAsync(Stranger, ProxyTarget.Nodes, new(null, node), Summary);

        Assert.True(refusal.IsForbidden);
        Assert.Equal("stranger may not get nodes/proxy in the whole cluster. Ask the cluster's administrator for a role that allows it.", KubeProblem.Explain(refusal).English);
    }

    [Fact]
    public async Task Who_may_not_ask_pods_is_told_which_right_is_missing()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);

        var refusal = await RefusedAsync(Stranger, ProxyTarget.Pods, new(ns, "topolvm-node-x:8080"), "metrics");

        Assert.True(refusal.IsForbidden);
        Assert.StartsWith($"stranger may not get pods/proxy in namespace {ns}.", KubeProblem.Explain(refusal).English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_asked()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);

        Assert.True((await RefusedAsync(Admin, ProxyTarget.Nodes, new(null, ns), Summary)).IsNotFound);
        Assert.True((await RefusedAsync(Admin, ProxyTarget.Pods, new(ns, "nobody:8080"), "metrics")).IsNotFound);
    }

    // The testbed's way out of the API server leads nowhere: no address of another machine is asked.
    private async Task<string> NewNodeAsync()
    {
        var name = await Cluster.NewNamespaceAsync(Cancel);
        var node = JsonNode.Parse($$$"""
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"{{{name}}}"},
            "status":{"addresses":[{"type":"InternalIP","address":"192.0.2.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":10250} } } }
            """)!;
        await Admin.CreateAsync(Node.Kind, new KubeObject(node.AsObject()), WriteOptions.Default, Cancel);
        _nodes.Add(name);
        return name;
    }

    private static Task<KubeException> RefusedAsync(KubeClient client, ProxyTarget target, ObjectName name, string path) =>
        Assert.ThrowsAsync<KubeException>(() => client.GetThroughAsync(target, name, path, Cancel));
}

public sealed class SimulatedProxyContract(SimulatedTestCluster cluster) : ProxyContract(cluster);

public sealed class RealProxyContract(RealTestCluster cluster) : ProxyContract(cluster);
