using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Simulator.Scenarios;
using Portal.Tests.Testing;

namespace Portal.Tests.Simulator.Life;

/// <summary>The simulated kubelets and TopoLVM beside the real kube-apiserver, kube-controller-manager and kube-scheduler.</summary>
public sealed class RealControlPlaneTests(RealTestCluster cluster) : ClusterTest(cluster), IClassFixture<RealTestCluster>
{
    [Fact]
    public async Task A_claim_is_provided_grown_and_removed_between_real_controllers_and_simulated_nodes()
    {
        await using var life = SimulatedLife.Start(Cluster.Connection, Scenario.Bare.Nodes, new LifeOptions { PlaysControlPlane = false });
        await life.WhenRegisteredAsync(Cancel);
        await StandingTopoLvm.CreateAsync(Admin, new InstallSpec(), TimeProvider.System, Cancel);
        // The API server cannot reach the webhook of a pod that only pretends to run.
        await Admin.DeleteAsync(new KubeKind("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false), new(null, "topolvm-hook"), DeleteOptions.Default, Cancel);
        await Eventually.PassesAsync(async () =>
        {
            var set = await Admin.GetAsync(DaemonSet.Kind, new("topolvm-system", "topolvm-node"), Cancel);
            Assert.Equal((3, 3), (set.Status.DesiredNumberScheduled, set.Status.NumberReady));
            Assert.Equal(1, (await Admin.GetAsync(Deployment.Kind, new("topolvm-system", "topolvm-controller"), Cancel)).Status.AvailableReplicas);
        }, Cancel);

        var home = await Cluster.NewNamespaceAsync(Cancel);
        await CreateAsync(PersistentVolumeClaim.Kind, home, """
            { "metadata": { "name": "data" }, "spec": { "accessModes": ["ReadWriteOnce"], "storageClassName": "topolvm-provisioner", "resources": { "requests": { "storage": "5Gi" } } } }
            """);
        await Eventually.PassesAsync(async () => Assert.NotEmpty((await Admin.GetAsync(ServiceAccounts, new(home, "default"), Cancel)).Json["secrets"]!.AsArray()), Cancel);
        await CreateAsync(Pod.Kind, home, """
            {
              "metadata": { "name": "app" },
              "spec": {
                "nodeSelector": { "superedge.io/local.pv": "topolvm" },
                "containers": [ { "name": "app", "image": "nginx:1.21" } ],
                "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "data" } } ]
              }
            }
            """);
        await Eventually.PassesAsync(async () => Assert.Equal("Running", (await Admin.GetAsync(Pod.Kind, new(home, "app"), Cancel)).Status.Phase), Cancel);

        await Admin.PatchAsync(PersistentVolumeClaim.Kind, new(home, "data"), Patch.Merge("""{ "spec": { "resources": { "requests": { "storage": "8Gi" } } } }"""), WriteOptions.Default, Cancel);
        await Eventually.PassesAsync(async () => Assert.Equal("8Gi", (await Admin.GetAsync(PersistentVolumeClaim.Kind, new(home, "data"), Cancel)).Status.Capacity["storage"]), Cancel);

        await Admin.DeleteAsync(Namespace.Kind, new(null, home), DeleteOptions.Default, Cancel);
        await Eventually.PassesAsync(async () =>
        {
            Assert.Null(await Admin.FindAsync(Namespace.Kind, new(null, home), Cancel));
            Assert.Empty((await Admin.ListAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), ListQuery.All, Cancel)).Items);
        }, Cancel);
        Assert.All(life.Nodes, node => Assert.All(node.State.Current.Storage.VolumeGroups.Values, group => Assert.Empty(group.Volumes)));
    }

    // On 1.20 no pod is created in a namespace before its default account has a token.
    private static readonly KubeKind<KubeObject> ServiceAccounts = new("", "v1", "serviceaccounts", "ServiceAccount", true, KubeJson.Of<KubeObject>());

    private async Task CreateAsync(KubeKind kind, string ns, string json)
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        body["apiVersion"] = kind.ApiVersion;
        body["kind"] = kind.Kind;
        body["metadata"]!["namespace"] = ns;
        await Admin.CreateAsync(new KubeKind<KubeObject>(kind.Group, kind.Version, kind.Plural, kind.Kind, kind.Namespaced, KubeJson.Of<KubeObject>()), new KubeObject(body), WriteOptions.Default, Cancel);
    }
}
