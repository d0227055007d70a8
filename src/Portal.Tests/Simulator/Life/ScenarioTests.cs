using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Simulator;

namespace Portal.Tests.Simulator.Life;

public sealed class DemoScenarioTests : LifeTest
{
    protected override Scenario Scenario => Scenario.Demo;

    [Fact]
    public async Task Workloads_wait_for_storage_and_run_once_TopoLVM_is_installed()
    {
        await Eventually(async () =>
        {
            var pod = Assert.Single(await PodsAsync("mes", "line-database-"));
            Assert.Contains("FailedScheduling: 0/7 nodes are available: 7 pod has unbound immediate PersistentVolumeClaims.", await EventsAboutAsync(pod.Metadata.Name, "mes"));
            Assert.Contains("ProvisioningFailed: storageclass.storage.k8s.io \"topolvm-provisioner\" not found", await EventsAboutAsync("pgdata", "mes"));
        });

        await InstallTopoLvmAsync();

        await Eventually(async () =>
        {
            var claims = (await Client.ListAsync(PersistentVolumeClaim.Kind, ListQuery.All, Cancel)).Items;
            Assert.Equal(4, claims.Count(claim => claim.Status.Phase == "Bound"));
            foreach (var claim in claims) Assert.All(await PodsAsync(claim.Metadata.Namespace!, ""), pod => Assert.True(IsReady(pod)));
        });
    }
}

public sealed class EdgeadmScenarioTests : LifeTest
{
    protected override Scenario Scenario => Scenario.WithEdgeadm;

    [Fact]
    public async Task What_edgeadm_installed_runs_with_the_edited_device_class()
    {
        await Eventually(async () => Assert.Contains("capacity.topolvm.cybozu.com/hdd", (await NodeAsync("edge-hangzhou-1")).Metadata.Annotations));

        var controller = await Client.GetAsync(Deployment.Kind, new("topolvm-system", "topolvm-controller"), Cancel);
        Assert.DoesNotContain("app.kubernetes.io/managed-by", controller.Metadata.Labels);
    }
}
