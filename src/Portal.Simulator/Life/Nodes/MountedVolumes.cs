using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>The file systems that the pods of a node have mounted: its kubelet and its agent measure the same ones.</summary>
internal static class MountedVolumes
{
    /// <summary>By the name of the logical volume that each lies on.</summary>
    public static IEnumerable<(string LogicalVolume, VolumeUsage Usage)> On(string node, ClusterObjects objects, DateTimeOffset now) =>
        from pod in objects.PodsOn(node)
        where IsRunning(pod)
        from volume in pod.Json.Objects("spec", "volumes")
        let found = Find(pod, volume, objects)
        where found is not null
        select (found.Value.Bound.Json.Text("spec", "csi", "volumeHandle"), objects.UsageOf(found.Value.Claim, found.Value.Bound, now));

    public static bool IsRunning(KubeObject pod) => pod.Json.Text("status", "phase") == "Running";

    /// <summary>Null where the volume is no claim's, or has no file system that is measured.</summary>
    public static (KubeObject Claim, KubeObject Bound)? Find(KubeObject pod, JsonObject volume, ClusterObjects objects)
    {
        var name = volume.Text("persistentVolumeClaim", "claimName");
        if (name.Length == 0 || !objects.Claims.TryGetValue(new(pod.Namespace, name), out var claim)) return null;
        if (!objects.PersistentVolumes.TryGetValue(new(null, claim.Json.Text("spec", "volumeName")), out var bound)) return null;
        return bound.Json.Text("spec", "volumeMode") == "Block" ? null : (claim, bound);
    }
}
