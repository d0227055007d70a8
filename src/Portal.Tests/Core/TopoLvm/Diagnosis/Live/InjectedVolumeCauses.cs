using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Diagnosis;
using Portal.Core.TopoLvm.Diagnosis.Causes;
using Portal.Simulator;

namespace Portal.Tests.Core.TopoLvm.Diagnosis.Live;

public sealed class InjectedVolumeCauses : InjectedCauseTest
{
    [Fact]
    public async Task A_class_that_does_not_let_claims_grow_is_named()
    {
        await ReadyAsync();
        await Cluster.TopoLvmFaults.StopControllerAsync(Cancel);
        await Eventually(async () => Assert.Empty(await PodsAsync(Home, "topolvm-controller-")));
        await GrowAsync(new("telemetry", "spool"), "31Gi");
        await PatchAsync(StorageClass.Kind, new(null, "topolvm-provisioner"), """{ "allowVolumeExpansion": false }""");
        await Cluster.TopoLvmFaults.ScaleControllerAsync(1, Cancel);

        await FirstCauseAsync<ExpansionNotAllowed>(new(SubjectKind.Claim, new("telemetry", "spool")));
    }

    [Fact]
    public async Task A_growth_beyond_the_volume_group_is_named_with_its_numbers()
    {
        await ReadyAsync();

        await FirstCauseAsync<ExpansionTooLarge>(new(SubjectKind.Claim, new("mes", "archive")));
        await FirstCauseAsync<ExpansionTooLarge>(new(SubjectKind.Claim, new("retail", "backup")));
    }

    [Fact]
    public async Task A_growth_that_waits_for_a_pod_is_named()
    {
        await ReadyAsync();

        await FirstCauseAsync<ExpansionWaitsForPod>(new(SubjectKind.Claim, new("telemetry", "spool")));
    }

    [Theory]
    [InlineData(3, "InvalidArgument")]
    [InlineData(5, "NotFound")]
    [InlineData(6, "AlreadyExists")]
    [InlineData(8, "ResourceExhausted")]
    [InlineData(11, "OutOfRange")]
    [InlineData(12, "Unimplemented")]
    [InlineData(13, "Internal")]
    public async Task Whatever_code_lvmd_refuses_a_volume_with_is_named_with_what_it_means(int code, string name)
    {
        await ReadyAsync();
        Cluster.Node("edge-hangzhou-1").RefuseVolumes(new(code, "refused by the test"));
        await CreateClaimAsync("data", "1Gi");
        await CreatePodOfAsync("data", OnNode("edge-hangzhou-1"));

        var found = await FirstCauseAsync<LogicalVolumeRefused>(Data);
        Assert.Contains(name, found.What.English, StringComparison.Ordinal);
        Assert.Contains(found.Evidence, evidence => evidence.Says.English.Contains("refused by the test", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_claim_without_a_class_and_without_a_default_is_named()
    {
        await ReadyAsync();
        await PatchAsync(StorageClass.Kind, new(null, "topolvm-provisioner"), $$"""{ "metadata": { "annotations": { "{{LocalStorageClass.DefaultAnnotation}}": "false" } } }""");
        await CreateAsync(PersistentVolumeClaim.Kind, """
            { "metadata": { "name": "data" }, "spec": { "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } } } }
            """);
        await CreatePodOfAsync("data", "");

        await FirstCauseAsync<StorageClassUnnamed>(App);
    }

    [Fact]
    public async Task A_claim_that_a_pod_protects_is_named_with_the_pod()
    {
        await ReadyAsync();
        await RunAppAsync();
        await Client.DeleteAsync(PersistentVolumeClaim.Kind, Data.Name, DeleteOptions.Default, Cancel);

        var found = await FirstCauseAsync<ClaimProtected>(Data);
        Assert.Contains("app", found.What.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Volumes_that_are_kept_and_volumes_that_are_left_over_are_told_apart()
    {
        await ReadyAsync();
        var volumes = (await Client.ListAsync(LogicalVolume.KindIn(TopoLvmNames.Legacy.Group), ListQuery.All, Cancel)).Items;
        var persistent = (await Client.ListAsync(PersistentVolume.Kind, ListQuery.All, Cancel)).Items.ToDictionary(volume => volume.Metadata.Name);

        await FirstCauseAsync<Leftover>(Subject.Of(volumes.Single(volume => !persistent.ContainsKey(volume.Metadata.Name))));
        await FirstCauseAsync<Retained>(Subject.Of(volumes.First(volume => persistent.GetValueOrDefault(volume.Metadata.Name)?.Status.Phase == "Released")));
    }
}

public sealed class InjectedThinCauses : InjectedCauseTest
{
    private static readonly KubeKind<KubeObject> Snapshots = new(VolumeSnapshot.Group, "v1", "volumesnapshots", "VolumeSnapshot", true, KubeJson.Of<KubeObject>());

    private static readonly KubeKind<KubeObject> Documents = new("apps", "v1", "deployments", "Deployment", true, KubeJson.Of<KubeObject>());
    private static readonly KubeKind<KubeObject> Capacities = new("storage.k8s.io", "v1", "csistoragecapacities", "CSIStorageCapacity", true, KubeJson.Of<KubeObject>());

    protected override Scenario Scenario => Scenario.Thin;

    [Fact]
    public async Task A_thin_pool_that_is_full_is_named()
    {
        await ReadyAsync();
        Cluster.Node("worker-1").FillThinPool("myvg1", "pool0", 100, 20);
        await CreateClaimOfAsync("data", "1Gi", "topolvm-thin");
        await CreatePodOfAsync("data", OnNode("worker-1"));

        await FirstCauseAsync<ThinPoolFull>(Data);
    }

    [Fact]
    public async Task A_snapshot_on_another_node_than_the_pod_is_named()
    {
        await ReadyAsync();
        await CreateSnapshotAsync("friday", "dataset", "lab");
        await Eventually(async () => Assert.True((bool?)(await Client.GetAsync(Snapshots, new("lab", "friday"), Cancel)).Json["status"]?["readyToUse"]));
        await CreateCopyAsync("lab", "copy", "topolvm-thin", "friday", "worker-2");

        await FirstCauseAsync<SnapshotElsewhere>(new(SubjectKind.Claim, new("lab", "copy")));
    }

    [Fact]
    public async Task A_snapshot_that_never_becomes_ready_is_named_with_what_its_controller_says()
    {
        await ReadyAsync();
        await CreateSnapshotAsync("friday", "dataset", "lab", "absent");
        await CreateCopyAsync("lab", "copy", "topolvm-thin", "friday", "worker-1");

        var found = await FirstCauseAsync<SnapshotNotReady>(new(SubjectKind.Claim, new("lab", "copy")));
        Assert.Contains(found.Evidence, evidence => evidence.Says.English.Contains("absent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Capacity_objects_that_nobody_keeps_up_to_date_are_named()
    {
        await ReadyAsync();
        var controller = await Client.GetAsync(Documents, new(Home, "topolvm-controller"), Cancel);
        var containers = controller.Json["spec"]!["template"]!["spec"]!["containers"]!.DeepClone().AsArray();
        foreach (var words in containers.Select(container => container!["command"]).OfType<JsonArray>())
            foreach (var word in words.Where(word => (string?)word is { } text && text.StartsWith("--enable-capacity", StringComparison.Ordinal)).ToArray()) words.Remove(word);
        await PatchAsync(Documents, controller.Metadata.ObjectName, $$"""{ "spec": { "template": { "spec": { "containers": {{containers.ToJsonString()}} } } } }""");
        await Eventually(async () => Assert.All(await PodsAsync(Home, "topolvm-controller-"), pod =>
            Assert.DoesNotContain(pod.Spec.Containers.SelectMany(container => container.Command), word => word.StartsWith("--enable-capacity", StringComparison.Ordinal))));
        await ReadyAsync();
        foreach (var stale in (await Client.ListAsync(Capacities, ListQuery.All, Cancel)).Items) await Client.PatchAsync(Capacities, stale.Metadata.ObjectName, Patch.Merge("""{ "capacity": "0" }"""), WriteOptions.Default, Cancel);
        await CreateClaimOfAsync("data", "1Gi", "topolvm-provisioner");
        await CreatePodOfAsync("data", OnNode("worker-1"));

        await FirstCauseAsync<CapacityNotPublished>(App);
    }

    [Fact]
    public async Task A_snapshot_of_a_thick_volume_is_named()
    {
        await ReadyAsync();
        await CreateSnapshotAsync("friday", "orders", "shop");
        await CreateCopyAsync("shop", "copy", "topolvm-provisioner", "friday", "worker-1");

        await FirstCauseAsync<SnapshotOfThick>(new(SubjectKind.Claim, new("shop", "copy")));
    }

    [Fact]
    public async Task The_reserve_is_counted_where_the_version_keeps_it_from_schedulers()
    {
        await ReadyAsync();
        await Eventually(async () => Assert.Contains("capacity.topolvm.io/ssd", (await NodeAsync("worker-1")).Metadata.Annotations));
        var published = long.Parse((await NodeAsync("worker-1")).Metadata.Annotations["capacity.topolvm.io/ssd"], System.Globalization.CultureInfo.InvariantCulture);
        await CreateClaimAsync("data", $"{(published >> 30) + 5}Gi");
        await CreatePodOfAsync("data", OnNode("worker-1"));

        var found = await FirstCauseAsync<ClassTooSmall>(App);
        Assert.Contains("spare-gb holds back 10 GiB", found.What.English, StringComparison.Ordinal);
    }

    private Task CreateSnapshotAsync(string name, string claim, string ns, string snapshotClass = "topolvm-snapshots") => CreateAsync(Snapshots, $$"""
        { "metadata": { "namespace": "{{ns}}", "name": "{{name}}" }, "spec": { "volumeSnapshotClassName": "{{snapshotClass}}", "source": { "persistentVolumeClaimName": "{{claim}}" } } }
        """);

    private async Task CreateCopyAsync(string ns, string name, string storageClass, string snapshot, string node)
    {
        await CreateAsync(PersistentVolumeClaim.Kind, JsonNode.Parse($$"""
            {
              "metadata": { "namespace": "{{ns}}", "name": "{{name}}" },
              "spec": {
                "accessModes": ["ReadWriteOnce"], "storageClassName": "{{storageClass}}", "resources": { "requests": { "storage": "40Gi" } },
                "dataSource": { "apiGroup": "{{VolumeSnapshot.Group}}", "kind": "VolumeSnapshot", "name": "{{snapshot}}" }
              }
            }
            """)!.AsObject());
        await CreateAsync(Pod.Kind, $$"""
            {
              "metadata": { "namespace": "{{ns}}", "name": "{{name}}" },
              "spec": { {{OnNode(node)}} "containers": [ { "name": "app", "image": "nginx:1.21" } ], "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "{{name}}" } } ] }
            }
            """);
    }
}
