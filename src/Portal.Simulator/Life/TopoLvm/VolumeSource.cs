using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What a claim's volume is to be made from: a snapshot, or another claim's volume.</summary>
/// <param name="Volume">Its LogicalVolume; null while it is not there, for the reason in <paramref name="Problem"/>.</param>
internal sealed record VolumeSource(KubeObject? Volume, string? Problem)
{
    /// <summary>Null when the claim's volume begins empty.</summary>
    public static VolumeSource? Of(KubeObject claim, ClusterObjects objects, string group)
    {
        var source = claim.Json["spec"].At("dataSource");
        var name = new ObjectName(claim.Namespace, source.Text("name"));
        return source.Text("kind") switch
        {
            "VolumeSnapshot" when source.Text("apiGroup") == LifeKinds.SnapshotGroup => OfSnapshot(name, objects, group),
            "PersistentVolumeClaim" => OfClaim(name, objects, group),
            _ => null,
        };
    }

    /// <summary>Why a volume cannot be made from it, with gRPC's code; null when it can.</summary>
    public LvmdAnswer? WhyNot(string deviceClass, string node, long bytes)
    {
        var spec = Volume!.Json["spec"];
        if (spec.Text("deviceClass") != deviceClass)
            return new(GrpcCode.InvalidArgument, "device class mismatch. Snapshots should be created with the same device class as the source.");
        if (bytes < Sizes.BytesOf(spec.Text("size")))
            return new(GrpcCode.OutOfRange, $"requested size {bytes} is smaller than the size of the source: {Sizes.BytesOf(spec.Text("size"))}");
        return spec.Text("nodeName") == node ? null : new(GrpcCode.ResourceExhausted, $"the source of the volume is on node {spec.Text("nodeName")}, not on {node}");
    }

    private static VolumeSource OfSnapshot(ObjectName name, ClusterObjects objects, string group)
    {
        if (!objects.Snapshots.TryGetValue(name, out var snapshot)) return new(null, $"error getting handle for DataSource Type VolumeSnapshot by Name {name.Name}: error getting snapshot {name.Name} from api server: volumesnapshots.{LifeKinds.SnapshotGroup} \"{name.Name}\" not found");
        if (!snapshot.Json.Flag("status", "readyToUse")) return new(null, $"error getting handle for DataSource Type VolumeSnapshot by Name {name.Name}: snapshot {name.Name} is not Ready");
        return Found(objects.LogicalVolumes(group).GetValueOrDefault(new(null, SnapshotNames.LogicalVolume(snapshot.Metadata.Uid))), name);
    }

    private static VolumeSource OfClaim(ObjectName name, ClusterObjects objects, string group)
    {
        if (!objects.Claims.TryGetValue(name, out var claim)) return new(null, $"error getting handle for DataSource Type PersistentVolumeClaim by Name {name.Name}: error getting PVC {name.Name} (namespace \"{name.Namespace}\") from api server: persistentvolumeclaims \"{name.Name}\" not found");
        if (claim.Json.Text("status", "phase") != "Bound") return new(null, $"error getting handle for DataSource Type PersistentVolumeClaim by Name {name.Name}: the PVC {name.Name} (namespace \"{name.Namespace}\") is not bound");
        return Found(objects.LogicalVolumes(group).GetValueOrDefault(new(null, claim.Json.Text("spec", "volumeName"))), name);
    }

    private static VolumeSource Found(KubeObject? volume, ObjectName name) => volume is null ? new(null, $"rpc error: code = NotFound desc = source volume of {name.Name} is not found") : new(volume, null);
}

/// <summary>Names that follow from a VolumeSnapshot's uid.</summary>
internal static class SnapshotNames
{
    public static string LogicalVolume(string uid) => "snapshot-" + uid;

    public static string Content(string uid) => "snapcontent-" + uid;
}
