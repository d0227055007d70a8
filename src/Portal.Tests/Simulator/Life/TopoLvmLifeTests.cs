using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes;

namespace Portal.Tests.Simulator.Life;

public sealed class TopoLvmLifeTests : LifeTest
{
    private static readonly KubeKind<LogicalVolume> LogicalVolumes = LogicalVolume.KindIn(TopoLvmNames.Legacy.Group);

    private const string Home = "topolvm-system";

    [Fact]
    public async Task Enabled_nodes_publish_what_their_volume_groups_have_left()
    {
        await InstallTopoLvmAsync();

        await Eventually(async () =>
        {
            Assert.Equal(Free("edge-shaoxing-1"), await PublishedAsync("edge-shaoxing-1", TopoLvmNames.Legacy));
            Assert.Equal(Free("edge-hangzhou-1"), await PublishedAsync("edge-hangzhou-1", TopoLvmNames.Legacy));
            var node = await NodeAsync("edge-shaoxing-1");
            Assert.Contains(TopoLvmNames.Legacy.NodeFinalizer, node.Metadata.Finalizers);
            Assert.Equal("edge-shaoxing-1", node.Metadata.Labels.GetValueOrDefault(TopoLvmNames.Legacy.TopologyLabel));
        });
        Assert.Null(await PublishedAsync("edge-ningbo-1", TopoLvmNames.Legacy));
    }

    [Fact]
    public async Task Current_versions_keep_the_spare_from_schedulers()
    {
        // Its sidecar for snapshots needs definitions that nobody has installed: the controller does not get ready, nodes do.
        await InstallTopoLvmAsync("upstream-0.41.0");

        await Eventually(async () => Assert.Equal(Free("edge-hangzhou-2") - (10L << 30), await PublishedAsync("edge-hangzhou-2", TopoLvmNames.Current)));
    }

    [Fact]
    public async Task Lvmd_crashes_where_the_volume_group_is_missing_and_runs_once_it_is_made()
    {
        await InstallTopoLvmAsync();
        await LabelNodeAsync("edge-wenzhou-1", "topolvm");
        await Eventually(async () =>
        {
            var lvmd = await PodOnAsync("topolvm-lvmd-", "edge-wenzhou-1");
            Assert.Equal("CrashLoopBackOff", WaitingReason(lvmd));
            Assert.NotEqual(0, lvmd.Status.ContainerStatuses.Single().RestartCount);
        });

        Cluster.Node("edge-wenzhou-1").Change(state => state with { Storage = state.Storage.WithVolumeGroup("myvg1", "/dev/vdb") });

        await Eventually(async () =>
        {
            Assert.True(IsReady(await PodOnAsync("topolvm-node-", "edge-wenzhou-1")));
            Assert.Equal(Free("edge-wenzhou-1"), await PublishedAsync("edge-wenzhou-1", TopoLvmNames.Legacy));
        });
    }

    [Fact]
    public async Task A_claim_becomes_a_logical_volume_where_its_pod_goes_and_is_gone_with_it()
    {
        var node = await RunningOnItsVolumeAsync();
        var volume = Assert.Single((await Client.ListAsync(LogicalVolumes, ListQuery.All, Cancel)).Items);
        Assert.Equal((node, volume.Metadata.Uid), (volume.Spec.NodeName, volume.Status.VolumeID));
        Assert.Equal(5L << 30, VolumesOn(node).Single().SizeBytes);
        Assert.Equal(Free(node), await PublishedAsync(node, TopoLvmNames.Legacy));

        await Client.DeleteAsync(Pod.Kind, new("default", "app"), DeleteOptions.Default, Cancel);
        await Client.DeleteAsync(PersistentVolumeClaim.Kind, new("default", "data"), DeleteOptions.Default, Cancel);
        await Eventually(async () =>
        {
            Assert.Empty((await Client.ListAsync(PersistentVolumeClaim.Kind, ListQuery.All, Cancel)).Items);
            Assert.Empty((await Client.ListAsync(PersistentVolume.Kind, ListQuery.All, Cancel)).Items);
            Assert.Empty((await Client.ListAsync(LogicalVolumes, ListQuery.All, Cancel)).Items);
        });
        Assert.Empty(VolumesOn(node));
    }

    [Fact]
    public async Task A_claim_grows_to_what_its_node_has_and_not_beyond()
    {
        await RunningOnItsVolumeAsync();

        await PatchAsync(PersistentVolumeClaim.Kind, new("default", "data"), """{ "spec": { "resources": { "requests": { "storage": "8Gi" } } } }""");
        await Eventually(async () => Assert.Equal("8Gi", (await ClaimAsync("data")).Status.Capacity["storage"]));

        await PatchAsync(PersistentVolumeClaim.Kind, new("default", "data"), """{ "spec": { "resources": { "requests": { "storage": "9Ti" } } } }""");
        await Eventually(async () => Assert.Contains(await EventsAboutAsync("data"), text => text.StartsWith("VolumeResizeFailed:", StringComparison.Ordinal) && text.EndsWith("not enough space", StringComparison.Ordinal)));
        Assert.Equal("8Gi", (await ClaimAsync("data")).Status.Capacity["storage"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("exit status 5: held by the test")]
    public async Task A_claim_deleted_while_its_volume_is_made_leaves_nothing_whatever_comes_of_it(string? lvmFailure)
    {
        await RunTopoLvmAsync();
        var controller = (await PodsAsync(Home, "topolvm-controller-")).Select(pod => pod.Spec.NodeName).ToHashSet();
        var node = Cluster.Nodes.First(node => node.Name.StartsWith("edge-", StringComparison.Ordinal) && node.State.Current.Lvmd is not null && !controller.Contains(node.Name));
        node.Change(state => state with { IsOnline = false });
        await CreateClaimAsync("data", "5Gi");
        await PatchAsync(PersistentVolumeClaim.Kind, new("default", "data"), $$"""{ "metadata": { "annotations": { "volume.kubernetes.io/selected-node": "{{node.Name}}" } } }""");
        await Eventually(async () => Assert.Single((await Client.ListAsync(LogicalVolumes, ListQuery.All, Cancel)).Items));

        await Client.DeleteAsync(PersistentVolumeClaim.Kind, new("default", "data"), DeleteOptions.Default, Cancel);
        await Eventually(async () => Assert.Null(await Client.FindAsync(PersistentVolumeClaim.Kind, new("default", "data"), Cancel)));
        node.Change(state => state with { IsOnline = true, LvmFailure = lvmFailure });

        await Eventually(async () =>
        {
            Assert.Empty((await Client.ListAsync(LogicalVolumes, ListQuery.All, Cancel)).Items);
            Assert.Empty((await Client.ListAsync(PersistentVolume.Kind, ListQuery.All, Cancel)).Items);
            Assert.Empty(VolumesOn(node.Name));
        });
    }

    [Fact]
    public async Task A_claim_waits_while_no_controller_is_ready()
    {
        await RunTopoLvmAsync();
        await PatchAsync(Deployment.Kind, new(Home, "topolvm-controller"), """{ "spec": { "replicas": 0 } }""");
        await Eventually(async () => Assert.Empty(await PodsAsync(Home, "topolvm-controller-")));
        await Client.DeleteAsync(new KubeKind("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false), new(null, "topolvm-hook"), DeleteOptions.Default, Cancel);
        await CreateClaimAsync("data", "5Gi");
        await CreatePodWithAsync("data");
        await Eventually(async () => Assert.Contains(await EventsAboutAsync("data"), text => text.StartsWith("ExternalProvisioning:", StringComparison.Ordinal)));
        Assert.Equal("Pending", (await ClaimAsync("data")).Status.Phase);

        await PatchAsync(Deployment.Kind, new(Home, "topolvm-controller"), """{ "spec": { "replicas": 1 } }""");

        await Eventually(async () => Assert.Equal("Bound", (await ClaimAsync("data")).Status.Phase));
    }

    [Fact]
    public async Task A_node_that_is_deleted_takes_its_claims_along_and_leaves_the_data_on_its_disks()
    {
        var node = await RunningOnItsVolumeAsync();

        await Client.DeleteAsync(Node.Kind, new(null, node), DeleteOptions.Default, Cancel);

        await Eventually(async () =>
        {
            Assert.Null(await Client.FindAsync(Node.Kind, new(null, node), Cancel));
            Assert.Empty((await Client.ListAsync(LogicalVolumes, ListQuery.All, Cancel)).Items);
            Assert.Null(await Client.FindAsync(PersistentVolumeClaim.Kind, new("default", "data"), Cancel));
        });
        Assert.Single(VolumesOn(node));
    }

    [Fact]
    public async Task A_claim_that_fits_nowhere_leaves_its_pod_pending_with_the_extenders_words()
    {
        await RunTopoLvmAsync();
        await CreateClaimAsync("data", "9Ti");
        await CreatePodWithAsync("data");

        await Eventually(async () => Assert.Contains(await EventsAboutAsync("app"), text => text.Contains("3 out of VG free space", StringComparison.Ordinal)));
        Assert.Equal("Pending", (await ClaimAsync("data")).Status.Phase);
    }

    [Fact]
    public async Task Without_a_controller_the_API_server_refuses_pods()
    {
        await RunTopoLvmAsync();
        await PatchAsync(Deployment.Kind, new(Home, "topolvm-controller"), """{ "spec": { "replicas": 0 } }""");
        await Eventually(async () => Assert.Empty(await PodsAsync(Home, "topolvm-controller-")));

        var refused = await Assert.ThrowsAsync<KubeException>(() => CreatePodWithAsync("data"));

        Assert.Equal(500, refused.Status.Code);
        Assert.StartsWith("Internal error occurred: failed calling webhook \"pod-hook.topolvm.cybozu.com\"", refused.Status.Message);
    }

    private async Task<Pod> PodOnAsync(string prefix, string node) => (await PodsAsync(Home, prefix)).Single(pod => pod.Spec.NodeName == node);

    private async Task<long?> PublishedAsync(string node, TopoLvmNames names) =>
        (await NodeAsync(node)).Metadata.Annotations.TryGetValue(names.CapacityAnnotationPrefix + TopoLvmNames.DefaultClass, out var text)
            ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>The pod "app" runs on the 5 GiB of the claim "data"; returns its node.</summary>
    private async Task<string> RunningOnItsVolumeAsync()
    {
        await RunTopoLvmAsync();
        await CreateClaimAsync("data", "5Gi");
        await CreatePodWithAsync("data");
        await Eventually(async () => Assert.True(IsReady(await PodAsync("app"))));
        return (await PodAsync("app")).Spec.NodeName!;
    }

    private long Free(string node) => Cluster.Node(node).State.Current.Storage.VolumeGroups["myvg1"].FreeBytes;

    private IEnumerable<SimulatedVolume> VolumesOn(string node) => Cluster.Node(node).State.Current.Storage.VolumeGroups["myvg1"].Volumes.Values;
}
