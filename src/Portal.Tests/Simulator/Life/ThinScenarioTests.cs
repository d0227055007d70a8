using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Simulator;

namespace Portal.Tests.Simulator.Life;

public sealed class ThinScenarioTests : LifeTest
{
    private const string SnapshotGroup = "snapshot.storage.k8s.io";

    private static readonly KubeKind<KubeObject> Snapshots = new(SnapshotGroup, "v1", "volumesnapshots", "VolumeSnapshot", true, KubeJson.Of<KubeObject>());
    private static readonly KubeKind<KubeObject> Contents = new(SnapshotGroup, "v1", "volumesnapshotcontents", "VolumeSnapshotContent", false, KubeJson.Of<KubeObject>());
    private static readonly KubeKind<KubeObject> Capacities = new("storage.k8s.io", "v1", "csistoragecapacities", "CSIStorageCapacity", true, KubeJson.Of<KubeObject>());
    private static readonly KubeKind<LogicalVolume> LogicalVolumes = LogicalVolume.KindIn(TopoLvmNames.Current.Group);

    protected override Scenario Scenario => Scenario.Thin;

    [Fact]
    public async Task Nodes_publish_both_classes_and_csi_provisioner_tells_the_scheduler()
    {
        await Eventually(async () =>
        {
            var node = await NodeAsync("worker-1");
            Assert.Equal(((500L - 60) << 30).ToString(System.Globalization.CultureInfo.InvariantCulture), node.Metadata.Annotations["capacity.topolvm.io/thin"]);
            Assert.Equal(6, (await Client.ListAsync(Capacities, ListQuery.All, Cancel)).Items.Length);
        });
        Assert.All(await PodsAsync("lab", ""), pod => Assert.True(IsReady(pod)));
    }

    [Fact]
    public async Task A_snapshot_of_a_thin_volume_is_restored_on_its_node_and_goes_with_its_object()
    {
        await CreateSnapshotAsync("dataset-1", "dataset", "lab");
        await Eventually(async () => Assert.True((bool?)(await SnapshotAsync("dataset-1")).Json["status"]!["readyToUse"]));
        Assert.Equal("40Gi", (string?)(await SnapshotAsync("dataset-1")).Json["status"]!["restoreSize"]);

        await CreateFromAsync("restored", "40Gi", "topolvm-thin", ("VolumeSnapshot", "dataset-1"), "worker-1");
        await CreateFromAsync("clone", "45Gi", "topolvm-thin", ("PersistentVolumeClaim", "dataset"), "worker-1");
        await Eventually(async () =>
        {
            Assert.Equal("Bound", (await ClaimAsync("restored", "lab")).Status.Phase);
            Assert.Equal("Bound", (await ClaimAsync("clone", "lab")).Status.Phase);
        });
        var made = Cluster.Node("worker-1").State.Current.Storage.VolumeGroups["myvg1"].Volumes.Values;
        Assert.Equal(3, made.Count(volume => volume.Origin is not null));
        Assert.Single(made, volume => volume.IsReadOnly);

        await Client.DeleteAsync(Snapshots, new("lab", "dataset-1"), DeleteOptions.Default, Cancel);
        await Eventually(async () =>
        {
            Assert.Empty((await Client.ListAsync(Contents, ListQuery.All, Cancel)).Items);
            Assert.DoesNotContain((await Client.ListAsync(LogicalVolumes, ListQuery.All, Cancel)).Items, volume => volume.Metadata.Name.StartsWith("snapshot-", StringComparison.Ordinal));
            Assert.Null(await Client.FindAsync(Snapshots, new("lab", "dataset-1"), Cancel));
        });
        Assert.Equal("Bound", (await ClaimAsync("restored", "lab")).Status.Phase);
    }

    [Fact]
    public async Task A_snapshot_of_a_thick_volume_is_not_implemented()
    {
        await CreateSnapshotAsync("orders-1", "orders", "shop");

        await Eventually(async () => Assert.EndsWith("\"rpc error: code = Unimplemented desc = device class is not thin. Thick snapshots are not implemented yet\"",
            (string?)(await SnapshotAsync("orders-1", "shop")).Json["status"]?["error"]?["message"]));
    }

    [Fact]
    public async Task A_restore_fails_in_another_class_with_less_room_and_on_another_node()
    {
        await CreateSnapshotAsync("dataset-1", "dataset", "lab");
        await Eventually(async () => Assert.True((bool?)(await SnapshotAsync("dataset-1")).Json["status"]!["readyToUse"]));

        await CreateFromAsync("thick", "40Gi", "topolvm-provisioner", ("VolumeSnapshot", "dataset-1"), "worker-1");
        await CreateFromAsync("small", "30Gi", "topolvm-thin", ("VolumeSnapshot", "dataset-1"), "worker-1");
        await CreateFromAsync("elsewhere", "40Gi", "topolvm-thin", ("VolumeSnapshot", "dataset-1"), "worker-2");

        await Eventually(async () =>
        {
            Assert.Contains(await EventsAboutAsync("thick", "lab"), text => text.Contains("code = InvalidArgument desc = device class mismatch", StringComparison.Ordinal));
            Assert.Contains(await EventsAboutAsync("small", "lab"), text => text.Contains("code = OutOfRange", StringComparison.Ordinal));
            Assert.Contains(await EventsAboutAsync("elsewhere", "lab"), text => text.Contains("the source of the volume is on node worker-1, not on worker-2", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task A_full_pool_takes_no_new_volume_although_it_may_promise_more()
    {
        Cluster.Node("worker-1").FillThinPool("myvg1", "pool0", 100, 20);
        await CreateFromAsync("late", "1Gi", "topolvm-thin", null, "worker-1");

        await Eventually(async () => Assert.Contains(await EventsAboutAsync("late", "lab"), text =>
            text.Contains("code = Internal desc = exit status 5: Cannot create new thin volume, free space in thin pool myvg1/pool0 reached threshold.", StringComparison.Ordinal)));
    }

    private Task<KubeObject> SnapshotAsync(string name, string ns = "lab") => Client.GetAsync(Snapshots, new(ns, name), Cancel);

    private Task CreateSnapshotAsync(string name, string claim, string ns) => CreateAsync(Snapshots, $$"""
        { "metadata": { "namespace": "{{ns}}", "name": "{{name}}" }, "spec": { "volumeSnapshotClassName": "topolvm-snapshots", "source": { "persistentVolumeClaimName": "{{claim}}" } } }
        """);

    /// <summary>A claim with the pod that uses it on a node.</summary>
    private async Task CreateFromAsync(string name, string size, string storageClass, (string Kind, string Name)? source, string node)
    {
        var spec = JsonNode.Parse($$"""{ "accessModes": ["ReadWriteOnce"], "storageClassName": "{{storageClass}}", "resources": { "requests": { "storage": "{{size}}" } } }""")!.AsObject();
        if (source is { } from)
        {
            spec["dataSource"] = new JsonObject { ["kind"] = from.Kind, ["name"] = from.Name };
            if (from.Kind == "VolumeSnapshot") spec["dataSource"]!["apiGroup"] = SnapshotGroup;
        }
        await CreateAsync(PersistentVolumeClaim.Kind, new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "lab", ["name"] = name }, ["spec"] = spec });
        await CreateAsync(Pod.Kind, $$"""
            {
              "metadata": { "namespace": "lab", "name": "{{name}}" },
              "spec": {
                "nodeSelector": { "kubernetes.io/hostname": "{{node}}" },
                "containers": [ { "name": "app", "image": "nginx:1.21" } ],
                "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "{{name}}" } } ]
              }
            }
            """);
    }
}
