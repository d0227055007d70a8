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

    private Task CreateSnapshotAsync(string name, string claim, string ns) => CreateAsync(Snapshots, $$"""
        { "metadata": { "namespace": "{{ns}}", "name": "{{name}}" }, "spec": { "volumeSnapshotClassName": "topolvm-snapshots", "source": { "persistentVolumeClaimName": "{{claim}}" } } }
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
