using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>The volume snapshots of one driver.</summary>
public static class VolumeSnapshots
{
    /// <summary>Their names as far as the watched kinds tell: those of a class of the driver or of one of its claims. One that was made by hand from a
    /// content names neither.</summary>
    public static ImmutableArray<ObjectName> In(ClusterSnapshot cluster, string driver)
    {
        var classes = cluster.VolumeSnapshotClasses.Items.Values.Where(found => found.Driver == driver).Select(found => found.Metadata.Name).ToHashSet();
        var claims = RemovalGates.ClaimsOf(cluster, driver).Select(claim => claim.Metadata.ObjectName).ToHashSet();
        return
        [
            .. from snapshot in cluster.VolumeSnapshots.Items.Values
               let name = snapshot.Metadata.ObjectName
               where (snapshot.Spec.VolumeSnapshotClassName is { } wanted && classes.Contains(wanted))
                   || (snapshot.Spec.Source.PersistentVolumeClaimName is { } claim && claims.Contains(new(name.Namespace, claim)))
               orderby name.ToString()
               select name,
        ];
    }

    /// <summary>Their names, all of them; empty where the cluster does not serve the kind.</summary>
    public static async Task<ImmutableArray<ObjectName>> OfAsync(KubeClient client, ApiResources api, string driver, CancellationToken cancel)
    {
        // The content, not the snapshot, names the driver.
        if (api.FindInGroup("snapshot.storage.k8s.io", "VolumeSnapshotContent") is not { } kind) return [];
        var contents = (await client.ListAllAsync(kind, ListQuery.All, cancel)).Items.Where(content => (string?)content.Json["spec"]?["driver"] == driver);
        return
        [
            .. from content in contents
               let reference = content.Json["spec"]?["volumeSnapshotRef"]
               where (string?)reference?["name"] is not null
               select new ObjectName((string?)reference["namespace"], (string)reference["name"]!),
        ];
    }
}
