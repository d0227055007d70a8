using Portal.Tests.Testing;

namespace Portal.Tests.Contract;

/// <summary>What a server says it serves: the ground on which API versions are chosen.</summary>
public abstract class DiscoveryContract(TestCluster cluster) : ClusterTest(cluster)
{
    [Theory]
    [InlineData("v1", "Node", false, "nodes")]
    [InlineData("v1", "PersistentVolumeClaim", true, "persistentvolumeclaims")]
    [InlineData("apps/v1", "DaemonSet", true, "daemonsets")]
    [InlineData("storage.k8s.io/v1", "CSIDriver", false, "csidrivers")]
    [InlineData("rbac.authorization.k8s.io/v1", "ClusterRole", false, "clusterroles")]
    [InlineData("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", false, "mutatingwebhookconfigurations")]
    [InlineData("apiextensions.k8s.io/v1", "CustomResourceDefinition", false, "customresourcedefinitions")]
    [InlineData("policy/v1beta1", "PodSecurityPolicy", false, "podsecuritypolicies")]
    public async Task A_kind_is_served_where_kubernetes_1_20_serves_it(string apiVersion, string kind, bool namespaced, string plural)
    {
        var served = (await Admin.DiscoverAsync(Cancel)).Find(apiVersion, kind);
        Assert.NotNull(served);
        Assert.Equal((namespaced, plural), (served.Namespaced, served.Plural));
    }

    [Theory]
    [InlineData("policy/v1", "PodDisruptionBudget")]
    [InlineData("storage.k8s.io/v1", "CSIStorageCapacity")]
    [InlineData("topolvm.io/v1", "LogicalVolume")]
    public async Task A_kind_that_came_later_is_not_served(string apiVersion, string kind) =>
        Assert.False((await Admin.DiscoverAsync(Cancel)).Serves(apiVersion, kind));

    [Fact]
    public async Task The_server_tells_its_version()
    {
        var version = (await Admin.DiscoverAsync(Cancel)).Version;
        Assert.True(version.IsAtLeast(1, 20), version.ToString());
        Assert.False(version.IsAtLeast(1, 21), version.ToString());
    }
}

public sealed class SimulatedDiscoveryContract(SimulatedTestCluster cluster) : DiscoveryContract(cluster);

public sealed class RealDiscoveryContract(RealTestCluster cluster) : DiscoveryContract(cluster);
