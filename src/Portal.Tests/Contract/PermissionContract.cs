using Portal.Core.Kubernetes;
using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>Acting in another person's name, and asking first what that person may do.</summary>
public abstract class PermissionContract(TestCluster cluster) : ClusterTest(cluster)
{
    private KubeClient Stranger => Admin.As(new Impersonation("stranger") { Groups = ["nobody-knows-us"] });

    [Fact]
    public async Task An_administrator_may_and_a_stranger_may_not()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var question = AccessQuestion.For("create", ConfigMaps.Kind, ns);
        Assert.True((await Admin.CanIAsync(question, Cancel)).Allowed);
        Assert.False((await Stranger.CanIAsync(question, Cancel)).Allowed);
    }

    [Fact]
    public async Task A_request_in_a_strangers_name_is_refused_in_that_name()
    {
        var ns = await Cluster.NewNamespaceAsync(Cancel);
        var refusal = await Assert.ThrowsAsync<KubeException>(() => Stranger.GetAsync(ConfigMaps.Kind, new(ns, "any"), Cancel));
        Assert.True(refusal.IsForbidden);
        Assert.StartsWith($"stranger may not get configmaps in namespace {ns}.", KubeProblem.Explain(refusal).English);
    }

    [Fact]
    public async Task A_token_that_nobody_issued_belongs_to_nobody()
    {
        var owner = await Admin.WhoseIsAsync(new("made-up"), Cancel);
        Assert.Null(owner.User);
    }
}

public sealed class SimulatedPermissionContract(SimulatedTestCluster cluster) : PermissionContract(cluster);

public sealed class RealPermissionContract(RealTestCluster cluster) : PermissionContract(cluster);
