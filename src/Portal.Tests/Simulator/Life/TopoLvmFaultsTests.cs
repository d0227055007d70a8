using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Simulator;

namespace Portal.Tests.Simulator.Life;

public sealed class TopoLvmFaultsTests : LifeTest
{
    protected override Scenario Scenario => Scenario.Storage;

    [Fact]
    public async Task A_webhook_that_is_down_or_not_trusted_refuses_pods()
    {
        await ReadyAsync();
        await Cluster.TopoLvmFaults.DistrustWebhookAsync(Cancel);
        Assert.EndsWith("x509: certificate signed by unknown authority", (await RefusedAsync()).Status.Message);

        await Cluster.TopoLvmFaults.TakeWebhookDownAsync(Cancel);
        Assert.EndsWith("connect: connection refused", (await RefusedAsync()).Status.Message);
    }

    [Fact]
    public async Task Without_the_extender_marked_pods_are_not_placed()
    {
        await ReadyAsync();
        await Cluster.TopoLvmFaults.TakeExtenderDownAsync(Cancel);
        await Eventually(async () => Assert.Empty(await PodsAsync("topolvm-system", "topolvm-scheduler-")));
        await CreateClaimAsync("data", "1Gi");
        await CreatePodWithAsync("data");

        await Eventually(async () => Assert.Contains(await EventsAboutAsync("app"), text => text.Contains("127.0.0.1:9251/predicate", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Lvmd_that_is_killed_starts_again_and_not_where_its_volume_group_has_gone()
    {
        await ReadyAsync();
        var (fine, broken) = (Cluster.Node("edge-hangzhou-1"), Cluster.Node("edge-hangzhou-2"));
        broken.LoseVolumeGroup("myvg1");
        fine.KillLvmd();
        broken.KillLvmd();

        await Eventually(async () =>
        {
            var lvmds = (await PodsAsync("topolvm-system", "topolvm-lvmd-")).ToDictionary(pod => pod.Spec.NodeName!);
            Assert.Equal("CrashLoopBackOff", WaitingReason(lvmds[broken.Name]));
            Assert.True(IsReady(lvmds[fine.Name]));
            Assert.True(lvmds[fine.Name].Status.ContainerStatuses.Single().RestartCount > 0);
            Assert.NotNull(fine.State.Current.Lvmd);
        });
    }

    [Fact]
    public async Task What_lvm_says_stands_in_the_event_of_the_claim_while_the_volume_cannot_be_made()
    {
        await ReadyAsync();
        foreach (var node in Cluster.Nodes) node.FailLvm("exit status 5: device-mapper: create ioctl failed: Device or resource busy");
        await CreateClaimAsync("data", "1Gi");
        await CreatePodWithAsync("data");

        await Eventually(async () => Assert.Contains(await EventsAboutAsync("data"), text =>
            text.EndsWith("rpc error: code = Internal desc = exit status 5: device-mapper: create ioctl failed: Device or resource busy", StringComparison.Ordinal)));
        foreach (var node in Cluster.Nodes) node.FailLvm(null);
        await Eventually(async () => Assert.True(IsReady(await PodAsync("app"))));
    }

    [Fact]
    public async Task While_the_controller_is_stopped_nothing_that_it_holds_can_go()
    {
        await ReadyAsync();
        await Cluster.TopoLvmFaults.StopControllerAsync(Cancel);
        await Eventually(async () => Assert.Empty(await PodsAsync("topolvm-system", "topolvm-controller-")));
        await Client.DeleteAsync(Node.Kind, new(null, "edge-hangzhou-1"), DeleteOptions.Default, Cancel);
        await Client.DeleteAsync(PersistentVolumeClaim.Kind, new("telemetry", "spool"), DeleteOptions.Default, Cancel);
        await Eventually(async () => Assert.Equal([TopoLvmNames.Legacy.ClaimFinalizer], (await ClaimAsync("spool", "telemetry")).Metadata.Finalizers));
        Assert.Equal([TopoLvmNames.Legacy.NodeFinalizer], (await NodeAsync("edge-hangzhou-1")).Metadata.Finalizers);

        await Cluster.TopoLvmFaults.ScaleControllerAsync(1, Cancel);

        await Eventually(async () =>
        {
            Assert.Null(await Client.FindAsync(Node.Kind, new(null, "edge-hangzhou-1"), Cancel));
            Assert.Null(await Client.FindAsync(PersistentVolumeClaim.Kind, new("telemetry", "spool"), Cancel));
        });
    }

    private async Task ReadyAsync() => await Eventually(async () =>
    {
        Assert.Equal(1, (await Client.GetAsync(Deployment.Kind, new("topolvm-system", "topolvm-controller"), Cancel)).Status.AvailableReplicas);
        Assert.All(Cluster.Nodes.Where(node => node.Name is "edge-hangzhou-1" or "edge-hangzhou-2"), node => Assert.NotEmpty(node.State.Current.NodePlugins));
    });

    private Task<KubeException> RefusedAsync() => Assert.ThrowsAsync<KubeException>(() => CreatePodWithAsync("data"));
}
