using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install.Removal;

namespace Portal.Tests.Core.TopoLvm.Install;

public sealed class RemovalGatesTests
{
    private static readonly string Group = TopoLvmNames.Legacy.Group;

    [Fact]
    public void Everything_that_a_removal_touches_is_named_and_only_a_running_pod_blocks()
    {
        var gates = RemovalGates.Find(Site(), new(), [new("shop", "before-upgrade")]);

        Assert.Equal(
            ["Pod shop/db-0", "PersistentVolumeClaim shop/data", "PersistentVolume pvc-1", "VolumeSnapshot shop/before-upgrade", "LogicalVolume pvc-1", "Node edge-2"],
            gates.Select(gate => $"{gate.Kind} {gate.Object}"));
        Assert.Equal(["Pod"], gates.Where(gate => gate.Blocks).Select(gate => gate.Kind));
        Assert.All(gates, gate => Assert.Contains(gate.Object.Name, gate.Text.English, StringComparison.Ordinal));
    }

    [Fact]
    public void What_goes_with_the_data_is_said_in_other_words_than_what_stays()
    {
        var keeping = RemovalGates.Find(Site(), new(), []).Select(gate => gate.Text).ToArray();
        var deleting = RemovalGates.Find(Site(), new() { DeleteData = true }, []).Select(gate => gate.Text).ToArray();

        Assert.Equal(["GatePod", "GateClaimStays", "GateVolumeRetained", "GateLogicalVolumeStays", "GateOffline"], keeping.Select(text => text.Key));
        Assert.Equal(["GatePod", "GateClaimGoes", "GateVolumeGoes", "GateLogicalVolumeGoes", "GateOfflineData"], deleting.Select(text => text.Key));
    }

    [Fact]
    public void Claims_of_other_classes_and_pods_that_have_ended_are_no_matter()
    {
        var site = Site() with { StorageClasses = Of(new StorageClass { Metadata = new() { Name = "topolvm-provisioner" }, Provisioner = "other.io" }), PersistentVolumes = KindSnapshot<PersistentVolume>.Empty };
        Assert.DoesNotContain(RemovalGates.Find(site, new(), []), gate => gate.Kind is "Pod" or "PersistentVolumeClaim");

        var pod = Site().Pods.Items.Values.Single();
        var ended = Site() with { Pods = Of(pod with { Status = new() { Phase = "Succeeded" } }) };
        Assert.DoesNotContain(RemovalGates.Find(ended, new(), []), gate => gate.Blocks);
    }

    [Fact]
    public void Snapshots_of_a_class_or_a_claim_of_the_driver_are_found_without_asking_the_cluster()
    {
        var site = Site() with
        {
            VolumeSnapshotClasses = Of(new VolumeSnapshotClass { Metadata = new() { Name = "thin" }, Driver = Group }),
            VolumeSnapshots = Of(Snapshot("shop", "of-the-claim", claim: "data"), Snapshot("shop", "of-the-class", "thin"),
                Snapshot("other", "of-another-claim", claim: "data"), Snapshot("shop", "of-another-class", "ceph")),
        };

        Assert.Equal(["shop/of-the-claim", "shop/of-the-class"], VolumeSnapshots.In(site, Group).Select(name => name.ToString()));
    }

    private static VolumeSnapshot Snapshot(string ns, string name, string? snapshotClass = null, string? claim = null) => new()
    {
        Metadata = new() { Namespace = ns, Name = name },
        Spec = new() { VolumeSnapshotClassName = snapshotClass, Source = new(claim, null) },
    };

    private static ClusterSnapshot Site() => ClusterSnapshot.Empty with
    {
        Nodes = Of(GivenCluster.Node("edge-1"), GivenCluster.Node("edge-2") with { Status = new() { Conditions = [new() { Type = "Ready", Status = "Unknown" }] } }),
        StorageClasses = Of(new StorageClass { Metadata = new() { Name = "topolvm-provisioner" }, Provisioner = Group }),
        Claims = Of(new PersistentVolumeClaim { Metadata = new() { Namespace = "shop", Name = "data" }, Spec = new() { StorageClassName = "topolvm-provisioner", VolumeName = "pvc-1" } }),
        PersistentVolumes = Of(new PersistentVolume
        {
            Metadata = new() { Name = "pvc-1" },
            Spec = new() { Csi = new(Group, "uid"), PersistentVolumeReclaimPolicy = "Retain" },
        }),
        LegacyLogicalVolumes = Of(new LogicalVolume { Metadata = new() { Name = "pvc-1" }, Spec = new() { NodeName = "edge-2" } }),
        Pods = Of(new Pod
        {
            Metadata = new() { Namespace = "shop", Name = "db-0" },
            Spec = new() { NodeName = "edge-1", Volumes = [new PodVolume("data", new ClaimSource("data"))] },
            Status = new() { Phase = "Running" },
        }),
    };

    private static KindSnapshot<T> Of<T>(params T[] items) where T : IKubeObject =>
        KindSnapshot<T>.Empty with { Items = items.ToImmutableDictionary(item => item.Metadata.ObjectName) };
}
