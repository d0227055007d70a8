using System.Collections.Immutable;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>The volume snapshots of one driver.</summary>
public static class VolumeSnapshots
{
    /// <summary>Their names; empty where the cluster does not serve the kind.</summary>
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
