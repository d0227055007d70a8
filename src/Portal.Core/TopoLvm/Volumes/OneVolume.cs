using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>The picture of a single volume, for an operation that follows it: joined from what belongs to it alone, so that the size of the cluster
/// does not matter.</summary>
internal static class OneVolume
{
    private static readonly string[] Programs = ["topolvm-controller", "topolvm-scheduler", "lvmd", "topolvm-node"];

    /// <summary>Null when there is no such claim, or it is none of TopoLVM's.</summary>
    public static Volume? Find(ClusterSnapshot cluster, ObjectName name)
    {
        if (!cluster.Claims.Items.TryGetValue(name, out var claim)) return null;
        var persistent = claim.Spec.VolumeName is { Length: > 0 } volumeName ? cluster.PersistentVolumes.Items.GetValueOrDefault(new(null, volumeName)) : null;
        bool IsItsOwn(LogicalVolume volume) => volume.Metadata.Name == (claim.Spec.VolumeName is { Length: > 0 } bound ? bound : "pvc-" + claim.Metadata.Uid)
            || (persistent?.Spec.Csi is { } csi && volume.Status.VolumeID == csi.VolumeHandle);
        var legacy = Only(cluster.LegacyLogicalVolumes, IsItsOwn);
        var current = Only(cluster.LogicalVolumes, IsItsOwn);
        var host = legacy.Items.Values.Concat(current.Items.Values).FirstOrDefault()?.Spec.NodeName;
        var narrow = cluster with
        {
            Claims = Only(cluster.Claims, one => one == claim),
            PersistentVolumes = Only(cluster.PersistentVolumes, one => one == persistent),
            LegacyLogicalVolumes = legacy,
            LogicalVolumes = current,
            Nodes = Only(cluster.Nodes, node => node.Metadata.Name == host),
            Pods = Only(cluster.Pods, pod => Mounts(pod, name) || pod.Spec.Containers.Any(container => Programs.Contains(container.Name))),
            ClaimEvents = Only(cluster.ClaimEvents, said => said.About == name),
        };
        return StorageState.From(narrow).Volumes.FirstOrDefault(volume => volume.Claim is not null);
    }

    private static bool Mounts(Pod pod, ObjectName claim) =>
        pod.Metadata.Namespace == claim.Namespace && pod.Spec.Volumes.Any(volume => volume.PersistentVolumeClaim?.ClaimName == claim.Name);

    private static KindSnapshot<T> Only<T>(KindSnapshot<T> all, Func<T, bool> which) where T : IKubeObject =>
        all with { Items = all.Items.Where(item => which(item.Value)).ToImmutableDictionary() };
}
