using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>An object that stands in the way of a removal, or that the removal changes the fate of.</summary>
/// <param name="Blocks">The removal does not start while this is so; otherwise it is only to be known.</param>
public sealed record RemovalGate(string Kind, ObjectName Object, bool Blocks, Message Text);

/// <summary>Finds what a removal of TopoLVM would meet, from the snapshot alone.</summary>
public static class RemovalGates
{
    /// <summary>Every gate, those that block first. Volume snapshots are given by their names: only their contents, which are not watched, tell
    /// every one of them.</summary>
    public static ImmutableArray<RemovalGate> Find(ClusterSnapshot cluster, RemovalSpec spec, ImmutableArray<ObjectName> snapshots)
    {
        var claims = ClaimsOf(cluster, spec.Group).ToArray();
        var names = claims.Select(claim => claim.Metadata.ObjectName).ToHashSet();
        var gates = Pods(cluster, names)
            .Concat(claims.Select(claim => Claim(claim, spec)))
            .Concat(PersistentVolumesOf(cluster, spec.Group).Select(volume => PersistentVolume(volume, spec)))
            .Concat(snapshots.Select(snapshot => new RemovalGate("VolumeSnapshot", snapshot, false,
                spec.DeleteData ? RemovalTexts.GateSnapshotGoes(snapshot) : RemovalTexts.GateSnapshotStays(snapshot))))
            .Concat(LogicalVolumesOf(cluster, spec.Group).Select(volume => LogicalVolume(volume, spec)))
            .Concat(OfflineNodes(cluster, spec));
        return [.. gates.OrderByDescending(gate => gate.Blocks)];
    }

    /// <summary>Every gate, asking the cluster for its volume snapshots.</summary>
    public static async Task<ImmutableArray<RemovalGate>> FindAsync(KubeClient client, ClusterSnapshot cluster, RemovalSpec spec, CancellationToken cancel) =>
        Find(cluster, spec, await VolumeSnapshots.OfAsync(client, cluster.Api, spec.Group, cancel));

    /// <summary>Claims of TopoLVM's StorageClasses, or bound to its PersistentVolumes.</summary>
    internal static IEnumerable<PersistentVolumeClaim> ClaimsOf(ClusterSnapshot cluster, string group)
    {
        var classes = cluster.StorageClasses.Items.Values.Where(found => found.Provisioner == group).Select(found => found.Metadata.Name).ToHashSet();
        var volumes = PersistentVolumesOf(cluster, group).Select(volume => volume.Metadata.Name).ToHashSet();
        return cluster.Claims.Items.Values
            .Where(claim => (claim.Spec.StorageClassName is { } name && classes.Contains(name)) || (claim.Spec.VolumeName is { } volume && volumes.Contains(volume)))
            .OrderBy(claim => claim.Metadata.ObjectName.ToString(), StringComparer.Ordinal);
    }

    internal static IEnumerable<PersistentVolume> PersistentVolumesOf(ClusterSnapshot cluster, string group) => cluster.PersistentVolumes.Items.Values
        .Where(volume => volume.Spec.Csi?.Driver == group).OrderBy(volume => volume.Metadata.Name, StringComparer.Ordinal);

    internal static IEnumerable<LogicalVolume> LogicalVolumesOf(ClusterSnapshot cluster, string group) =>
        (group == TopoLvmNames.Legacy.Group ? cluster.LegacyLogicalVolumes : cluster.LogicalVolumes).Items.Values
        .OrderBy(volume => volume.Metadata.Name, StringComparer.Ordinal);

    // Without topolvm-node nobody can unmount: such a pod would hang in Terminating for ever.
    private static IEnumerable<RemovalGate> Pods(ClusterSnapshot cluster, HashSet<ObjectName> claims) =>
        from pod in cluster.Pods.Items.Values
        where pod.Spec.NodeName is not null && pod.Status.Phase is not ("Succeeded" or "Failed")
        let used = pod.Spec.Volumes.FirstOrDefault(volume => volume.PersistentVolumeClaim is { } claim && claims.Contains(new(pod.Metadata.Namespace, claim.ClaimName)))
        where used is not null
        orderby pod.Metadata.ObjectName.ToString()
        select new RemovalGate("Pod", pod.Metadata.ObjectName, true, RemovalTexts.GatePod(pod.Metadata.ObjectName, used.PersistentVolumeClaim!.ClaimName));

    private static RemovalGate Claim(PersistentVolumeClaim claim, RemovalSpec spec)
    {
        var name = claim.Metadata.ObjectName;
        return new("PersistentVolumeClaim", name, false, spec.DeleteData ? RemovalTexts.GateClaimGoes(name) : RemovalTexts.GateClaimStays(name));
    }

    private static RemovalGate PersistentVolume(PersistentVolume volume, RemovalSpec spec)
    {
        var (name, retained) = (volume.Metadata.Name, volume.Spec.PersistentVolumeReclaimPolicy == "Retain");
        var text = spec.DeleteData ? RemovalTexts.GateVolumeGoes(name) : retained ? RemovalTexts.GateVolumeRetained(name) : RemovalTexts.GateVolumeStays(name);
        return new("PersistentVolume", volume.Metadata.ObjectName, false, text);
    }

    private static RemovalGate LogicalVolume(LogicalVolume volume, RemovalSpec spec)
    {
        var (name, node) = (volume.Metadata.Name, volume.Spec.NodeName);
        return new("LogicalVolume", volume.Metadata.ObjectName, false,
            spec.DeleteData ? RemovalTexts.GateLogicalVolumeGoes(name, node) : RemovalTexts.GateLogicalVolumeStays(name, node));
    }

    private static IEnumerable<RemovalGate> OfflineNodes(ClusterSnapshot cluster, RemovalSpec spec)
    {
        var names = spec.Names();
        var holding = LogicalVolumesOf(cluster, spec.Group).GroupBy(volume => volume.Spec.NodeName).ToDictionary(volumes => volumes.Key, volumes => volumes.Count());
        return cluster.Nodes.Items.Values
            .Where(node => !node.IsReady && (holding.ContainsKey(node.Metadata.Name) || node.Metadata.Finalizers.Contains(names.NodeFinalizer)))
            .OrderBy(node => node.Metadata.Name, StringComparer.Ordinal)
            .Select(node => new RemovalGate("Node", node.Metadata.ObjectName, false, spec.DeleteData && holding.TryGetValue(node.Metadata.Name, out var count)
                ? RemovalTexts.GateOfflineData(node.Metadata.Name, count) : RemovalTexts.GateOffline(node.Metadata.Name)));
    }
}
