using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Core.TopoLvm.Diagnosis.Causes;

namespace Portal.Tests.Core.TopoLvm.Diagnosis.Live;

public sealed class InjectedNodeCauses : InjectedCauseTest
{
    private const string One = "edge-hangzhou-1";

    private static Subject NodeOne => new(SubjectKind.Node, new(null, One));

    [Fact]
    public async Task A_volume_group_that_is_lost_is_named()
    {
        await ReadyAsync();
        Cluster.Node(One).LoseVolumeGroup("myvg1");
        Cluster.Node(One).KillLvmd();

        var found = await FirstCauseAsync<VolumeGroupMissing>(NodeOne);
        Assert.Contains("myvg1", found.What.English, StringComparison.Ordinal);
        await CreateClaimAsync("data", "1Gi");
        await CreatePodOfAsync("data", OnNode(One));
        await FirstCauseAsync<VolumeGroupMissing>(App);
    }

    [Fact]
    public async Task A_file_that_lvmd_refuses_is_named()
    {
        await ReadyAsync();
        await PatchAsync(ConfigMap.Kind, new(Home, "topolvm-lvmd"), """{ "data": { "lvmd.yaml": "device-classes: []\n" } }""");
        Cluster.Node(One).KillLvmd();

        await FirstCauseAsync<LvmdFails>(NodeOne);
    }

    [Fact]
    public async Task A_node_that_is_offline_is_named()
    {
        await ReadyAsync();
        Cluster.Node(One).TakeOffline();

        await FirstCauseAsync<NodeOffline>(NodeOne);
        await FirstCauseAsync<NodeOffline>(new(SubjectKind.Claim, new("vision", "recordings")));
    }

    [Fact]
    public async Task A_node_whose_label_was_taken_off_is_named()
    {
        await ReadyAsync();
        await LabelNodeAsync(One, null);

        await FirstCauseAsync<NodeNotEnabled>(NodeOne);
        await GrowAsync(new("telemetry", "spool"), "31Gi");
        await FirstCauseAsync<NodeNotEnabled>(new(SubjectKind.Claim, new("telemetry", "spool")));
    }

    [Fact]
    public async Task A_node_without_topolvm_node_is_named()
    {
        await ReadyAsync();
        await PatchAsync(DaemonSet.Kind, new(Home, "topolvm-node"), """{ "spec": { "template": { "spec": { "nodeSelector": { "no": "node" } } } } }""");

        await FirstCauseAsync<NodePluginFails>(NodeOne);
    }

    [Fact]
    public async Task A_topology_label_that_was_taken_off_is_named()
    {
        await ReadyAsync();
        // While the pods of the node go on, nobody sets it again.
        Cluster.Node(One).Change(state => state with { CsiDrivers = state.CsiDrivers.Clear() });

        await FirstCauseAsync<DriverNotRegistered>(NodeOne);
    }

    [Fact]
    public async Task A_node_that_is_being_deleted_is_named()
    {
        await ReadyAsync();
        await PatchAsync(Node.Kind, new(null, One), """{ "metadata": { "finalizers": ["topolvm.cybozu.com/node", "example.com/held"] } }""");
        await Client.DeleteAsync(Node.Kind, new(null, One), DeleteOptions.Default, Cancel);

        await FirstCauseAsync<NodeGone>(NodeOne);
    }

    [Fact]
    public async Task Finalizers_that_nobody_serves_are_named()
    {
        await ReadyAsync();
        await Cluster.TopoLvmFaults.StopControllerAsync(Cancel);
        await Eventually(async () => Assert.Empty(await PodsAsync(Home, "topolvm-controller-")));
        await Client.DeleteAsync(Node.Kind, new(null, One), DeleteOptions.Default, Cancel);
        await Client.DeleteAsync(PersistentVolumeClaim.Kind, new("telemetry", "spool"), DeleteOptions.Default, Cancel);

        await FirstCauseAsync<FinalizerUnserved>(NodeOne);
        await PatchAsync(DaemonSet.Kind, new(Home, "topolvm-node"), """{ "spec": { "template": { "spec": { "nodeSelector": { "no": "node" } } } } }""");
        // A topolvm-node that still runs would take the finalizer off.
        await Eventually(async () => Assert.DoesNotContain(await PodsAsync(Home, "topolvm-node-"), pod => pod.Spec.NodeName == "edge-hangzhou-2"));
        var abandoned = (await Client.ListAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), ListQuery.All, Cancel)).Items.First(volume => volume.Spec.NodeName == "edge-hangzhou-2");
        await Client.DeleteAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), abandoned.Metadata.ObjectName, DeleteOptions.Default, Cancel);
        await FirstCauseAsync<FinalizerUnserved>(new(SubjectKind.LogicalVolume, abandoned.Metadata.ObjectName));
    }

    [Fact]
    public async Task A_pod_that_cannot_be_unmounted_is_explained()
    {
        await ReadyAsync();
        await CreateClaimAsync("data", "1Gi");
        await CreatePodOfAsync("data", OnNode("edge-shaoxing-1"));
        await Eventually(async () => Assert.True(IsReady(await PodAsync("app"))));
        await LabelNodeAsync("edge-shaoxing-1", null);
        await Eventually(async () => Assert.DoesNotContain(await PodsAsync(Home, "topolvm-node-"), pod => pod.Spec.NodeName == "edge-shaoxing-1"));
        await Client.DeleteAsync(Pod.Kind, App.Name, DeleteOptions.Default, Cancel);

        await FirstCauseAsync<UnmountUnserved>(App);
    }
}
