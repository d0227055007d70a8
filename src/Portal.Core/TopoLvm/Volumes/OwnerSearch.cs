using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Operations;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Volumes;

// What is left over now may belong to somebody a moment later: a claim is bound, a person makes a PersistentVolume for the
// data, a snapshot is restored. So everything that could own a logical volume is read from the API server itself right before
// the deletion, and the watch, which is at most a moment behind, is asked as well.

/// <summary>Looks for whatever a LogicalVolume or a PersistentVolume belongs to.</summary>
internal sealed class OwnerSearch(StepRun step)
{
    // In a large cluster the lists are read anew for every so many objects.
    private const int SmallCluster = 1000;
    private const int ReadAnewAfter = 20;
    private const int PageSize = 500;

    private Owners? _owners;
    private int _uses;

    /// <summary>Null when nothing owns it; else who does.</summary>
    public async Task<Message?> OwnerOfAsync(LogicalVolume volume, string group, CancellationToken cancel)
    {
        if (await step.Context.Client.FindAsync(PersistentVolume.Kind, new(null, volume.Metadata.Name), cancel) is { } named && Names(named, volume, group)) return Owned(volume, "PersistentVolume", named.Metadata.Name);
        var read = await ReadAsync(cancel);
        var cluster = step.Context.Cluster.Current;
        foreach (var owners in new[] { read, Owners.In(cluster, read.SnapshotHandles) })
        {
            if (owners.PersistentVolumes.FirstOrDefault(one => Names(one, volume, group)) is { } persistent) return Owned(volume, "PersistentVolume", persistent.Metadata.Name);
            if (owners.Claims.FirstOrDefault(claim => IsMadeFor(volume, claim)) is { } claim) return Owned(volume, "PersistentVolumeClaim", claim.Metadata.ObjectName);
            if (owners.Snapshots.FirstOrDefault(snapshot => volume.Spec.Name == "snapshot-" + snapshot.Metadata.Uid) is { } snapshot) return Owned(volume, "VolumeSnapshot", snapshot.Metadata.ObjectName);
            if (volume.Status.VolumeID.Length > 0 && owners.SnapshotHandles.Contains(volume.Status.VolumeID)) return Owned(volume, "VolumeSnapshotContent", volume.Status.VolumeID);
        }
        return null;
    }

    /// <summary>Null when no claim has or may take it; else which one does.</summary>
    public async Task<Message?> OwnerOfAsync(PersistentVolume volume, CancellationToken cancel)
    {
        if (volume.Spec.ClaimRef is not { Name: { Length: > 0 } name, Namespace: { } ns }) return VolumeOperationTexts.Claimable(volume.Metadata.Name);
        var claim = await step.Context.Client.FindAsync(PersistentVolumeClaim.Kind, new(ns, name), cancel);
        if (claim is not null && (claim.Metadata.Uid == volume.Spec.ClaimRef.Uid || volume.Spec.ClaimRef.Uid is null or "" || claim.Spec.VolumeName == volume.Metadata.Name))
            return VolumeOperationTexts.OwnedVolume(volume.Metadata.Name, claim.Metadata.ObjectName);
        return volume.Status.Phase is "Released" or "Failed" ? null : VolumeOperationTexts.NotReleased(volume.Metadata.Name, volume.Status.Phase);
    }

    private static bool Names(PersistentVolume persistent, LogicalVolume volume, string group) => persistent.Spec.Csi?.Driver == group
        && (persistent.Metadata.Name == volume.Metadata.Name || persistent.Spec.Csi.VolumeHandle == volume.Status.VolumeID || persistent.Spec.Csi.VolumeHandle == volume.Metadata.Uid);

    private static bool IsMadeFor(LogicalVolume volume, PersistentVolumeClaim claim) =>
        volume.Metadata.Name == "pvc-" + claim.Metadata.Uid || claim.Spec.VolumeName == volume.Metadata.Name;

    private static Message Owned(LogicalVolume volume, string kind, object owner) => VolumeOperationTexts.Owned(volume.Metadata.Name, kind, owner);

    private async Task<Owners> ReadAsync(CancellationToken cancel)
    {
        if (_owners is { } kept && kept.PersistentVolumes.Count > SmallCluster && ++_uses < ReadAnewAfter) return kept;
        var client = step.Context.Client;
        var all = new ListQuery { Limit = PageSize };
        // Claims first: whatever becomes of a claim meanwhile, it is in the one list or the other.
        var claims = (await client.ListAllAsync(PersistentVolumeClaim.Kind, all, cancel)).Items;
        var persistent = (await client.ListAllAsync(PersistentVolume.Kind, all, cancel)).Items;
        var api = step.Context.Cluster.Current.Api;
        var snapshots = api.FindInGroup(VolumeSnapshot.Group, "VolumeSnapshot") is null ? [] : (await client.ListAllAsync(VolumeSnapshot.Kind, all, cancel)).Items;
        var contents = api.FindInGroup(VolumeSnapshot.Group, "VolumeSnapshotContent") is { } kind ? (await client.ListAllAsync(kind, all, cancel)).Items : [];
        var handles = contents.SelectMany(content => new[] { (string?)content.Json["status"]?["snapshotHandle"], (string?)content.Json["spec"]?["source"]?["snapshotHandle"] }).OfType<string>().ToHashSet();
        (_owners, _uses) = (new(claims, persistent, snapshots, handles), 0);
        return _owners;
    }

    private sealed record Owners(
        IReadOnlyCollection<PersistentVolumeClaim> Claims, IReadOnlyCollection<PersistentVolume> PersistentVolumes, IReadOnlyCollection<VolumeSnapshot> Snapshots, HashSet<string> SnapshotHandles)
    {
        public static Owners In(ClusterSnapshot cluster, HashSet<string> handles) =>
            new([.. cluster.Claims.Items.Values], [.. cluster.PersistentVolumes.Items.Values], [.. cluster.VolumeSnapshots.Items.Values], handles);
    }
}
