using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm;

/// <summary>A claim on TopoLVM storage with everything that belongs to it; each part may be missing while it comes or goes.</summary>
public sealed record Volume(PersistentVolumeClaim? Claim, PersistentVolume? PersistentVolume, LogicalVolume? LogicalVolume, StorageClass? StorageClass)
{
    /// <summary>Pods that mount the claim.</summary>
    public ImmutableArray<Pod> Pods { get; init; } = [];

    /// <summary>The claim, or what is left of it: the PersistentVolume's or the LogicalVolume's name.</summary>
    public ObjectName Name =>
        Claim?.Metadata.ObjectName ?? PersistentVolume?.Metadata.ObjectName ?? LogicalVolume?.Metadata.ObjectName ?? default;

    /// <summary>The node that holds the data; null until TopoLVM has placed it.</summary>
    public string? Node => LogicalVolume?.Spec.NodeName;

    /// <summary>The node that the scheduler chose for the claim; null before it has, and for a class that does not wait for a pod.</summary>
    public string? SelectedNode => Claim?.Metadata.Annotations.GetValueOrDefault("volume.kubernetes.io/selected-node") is { Length: > 0 } node ? node : null;

    /// <summary>Every claim of a TopoLVM class, every PersistentVolume of the driver and every LogicalVolume, joined.</summary>
    public static ImmutableArray<Volume> Join(ClusterSnapshot cluster, ImmutableArray<LogicalVolume> logicalVolumes)
    {
        var classes = cluster.StorageClasses.Items.Values.Where(IsOurs).ToDictionary(found => found.Metadata.Name);
        var byName = logicalVolumes.GroupBy(volume => volume.Spec.Name).ToDictionary(volumes => volumes.Key, volumes => volumes.First());
        var persistent = cluster.PersistentVolumes.Items.Values.Where(IsOurs).ToDictionary(volume => volume.Metadata.Name);
        var pods = cluster.Pods.Items.Values
            .SelectMany(pod => pod.Spec.Volumes.Where(volume => volume.PersistentVolumeClaim is not null)
                .Select(volume => (Claim: new ObjectName(pod.Metadata.Namespace, volume.PersistentVolumeClaim!.ClaimName), Pod: pod)))
            .ToLookup(mount => mount.Claim, mount => mount.Pod);

        var claims = cluster.Claims.Items.Values
            .Where(claim => classes.ContainsKey(claim.Spec.StorageClassName ?? "") || persistent.ContainsKey(claim.Spec.VolumeName ?? ""))
            .Select(claim =>
            {
                var volume = claim.Spec.VolumeName is { Length: > 0 } name ? persistent.GetValueOrDefault(name) : null;
                return new Volume(claim, volume, Taken(claim.Spec.VolumeName), classes.GetValueOrDefault(claim.Spec.StorageClassName ?? ""))
                {
                    Pods = [.. pods[claim.Metadata.ObjectName].OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)],
                };
            }).ToList();
        var bound = claims.Select(volume => volume.PersistentVolume?.Metadata.Name).OfType<string>().ToHashSet();
        var unclaimed = persistent.Values.Where(volume => !bound.Contains(volume.Metadata.Name))
            .Select(volume => new Volume(null, volume, Taken(volume.Metadata.Name), classes.GetValueOrDefault(volume.Spec.StorageClassName ?? ""))).ToList();
        var orphans = byName.Values.Select(volume => new Volume(null, null, volume, null));
        return [.. claims.Concat(unclaimed).Concat(orphans).OrderBy(volume => volume.Name.Namespace, StringComparer.Ordinal).ThenBy(volume => volume.Name.Name, StringComparer.Ordinal)];

        LogicalVolume? Taken(string? name) => name is not null && byName.Remove(name, out var found) ? found : null;
    }

    private static bool IsOurs(StorageClass storageClass) => TopoLvmNames.All.Any(names => names.Provisioner == storageClass.Provisioner);

    private static bool IsOurs(PersistentVolume volume) => TopoLvmNames.All.Any(names => names.Provisioner == volume.Spec.Csi?.Driver);
}
