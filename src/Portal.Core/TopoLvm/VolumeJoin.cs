using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm;

/// <summary>Joins claims, PersistentVolumes, LogicalVolumes, Pods and what was said about them into volumes, each object looked at once.</summary>
internal sealed class VolumeJoin
{
    private readonly ClusterSnapshot _cluster;
    private readonly Installation? _installation;
    private readonly Component? _controller;
    private readonly Dictionary<TopoLvmNames, TopoLvmRelease> _releases;
    private readonly Dictionary<string, StorageClass> _classes;
    private readonly Dictionary<string, PersistentVolume> _persistent;
    private readonly ILookup<ObjectName, Pod> _pods;
    private readonly ILookup<ObjectName, Event> _events;
    private readonly ILookup<ObjectName, Event> _warnings;
    private readonly ILookup<ObjectName, VolumeSnapshot> _snapshots;
    private readonly Dictionary<string, ImmutableArray<ResourceQuota>> _quotas;

    // What no claim or PersistentVolume has taken yet, by group and name.
    private readonly Dictionary<(string Group, string Name), LogicalVolume> _logical = [];
    private readonly Dictionary<(string Group, string Handle), LogicalVolume> _byHandle = [];

    private VolumeJoin(ClusterSnapshot cluster, Installation? installation)
    {
        (_cluster, _installation, _controller) = (cluster, installation, installation?.Find(ComponentRole.Controller));
        _releases = TopoLvmNames.All.ToDictionary(names => names, names => TopoLvmRelease.Of(installation, names));
        _classes = cluster.StorageClasses.Items.Values.Where(found => NamesOf(found.Provisioner) is not null).ToDictionary(found => found.Metadata.Name);
        _persistent = cluster.PersistentVolumes.Items.Values.Where(volume => NamesOf(volume.Spec.Csi?.Driver) is not null).ToDictionary(volume => volume.Metadata.Name);
        _pods = cluster.Pods.Items.Values
            .SelectMany(pod => pod.Spec.Volumes.Where(volume => volume.PersistentVolumeClaim is not null)
                .Select(volume => (Claim: new ObjectName(pod.Metadata.Namespace, volume.PersistentVolumeClaim!.ClaimName), Pod: pod)))
            .ToLookup(mount => mount.Claim, mount => mount.Pod);
        _events = cluster.ClaimEvents.Items.Values.ToLookup(said => said.About);
        _warnings = cluster.PodWarnings.Items.Values.ToLookup(said => said.About);
        _snapshots = cluster.VolumeSnapshots.Items.Values.Where(snapshot => snapshot.Spec.Source.PersistentVolumeClaimName is not null)
            .ToLookup(snapshot => new ObjectName(snapshot.Metadata.Namespace, snapshot.Spec.Source.PersistentVolumeClaimName!));
        _quotas = cluster.ResourceQuotas.Items.Values.GroupBy(quota => quota.Metadata.Namespace ?? "").ToDictionary(quotas => quotas.Key, quotas => quotas.ToImmutableArray());
        Take(TopoLvmNames.Legacy, cluster.LegacyLogicalVolumes);
        Take(TopoLvmNames.Current, cluster.LogicalVolumes);
    }

    /// <summary>Every claim of a TopoLVM class, every PersistentVolume of the driver and every LogicalVolume, joined, without their nodes. The
    /// LogicalVolume of a snapshot that stands is none.</summary>
    public static ImmutableArray<Volume> Of(ClusterSnapshot cluster, Installation? installation)
    {
        var join = new VolumeJoin(cluster, installation);
        var claimed = join.Claimed().ToList();
        var bound = claimed.Select(volume => volume.PersistentVolume?.Metadata.Name).OfType<string>().ToHashSet();
        var unclaimed = join._persistent.Values.Where(volume => !bound.Contains(volume.Metadata.Name)).Select(join.Unclaimed).ToList();
        return [.. claimed.Concat(unclaimed).Concat(join.Alone())
            .OrderBy(volume => volume.Name.Namespace, StringComparer.Ordinal).ThenBy(volume => volume.Name.Name, StringComparer.Ordinal)];
    }

    /// <summary>The volumes, each with the node that holds it.</summary>
    public static ImmutableArray<Volume> OnHosts(ImmutableArray<Volume> volumes, ImmutableArray<StorageNode> nodes)
    {
        var byName = nodes.ToDictionary(node => node.Name);
        return [.. volumes.Select(volume => volume.Node is { } node && byName.TryGetValue(node, out var host) ? volume with { Host = host } : volume)];
    }

    private static TopoLvmNames? NamesOf(string? driver) => Array.Find(TopoLvmNames.All, names => names.Provisioner == driver);

    private void Take(TopoLvmNames names, KindSnapshot<LogicalVolume> volumes)
    {
        foreach (var volume in volumes.Items.Values)
        {
            _logical[(names.Group, volume.Metadata.Name)] = volume;
            if (volume.Status.VolumeID.Length > 0) _byHandle[(names.Group, volume.Status.VolumeID)] = volume;
        }
    }

    private IEnumerable<Volume> Claimed()
    {
        foreach (var claim in _cluster.Claims.Items.Values)
        {
            var storageClass = _classes.GetValueOrDefault(claim.Spec.StorageClassName ?? "");
            var volume = claim.Spec.VolumeName is { Length: > 0 } bound ? _persistent.GetValueOrDefault(bound) : null;
            var names = NamesOf(volume?.Spec.Csi?.Driver) ?? NamesOf(storageClass?.Provisioner);
            // A volume that is being made for a claim is named after it; it is the claim's even when its class has been deleted.
            var logical = volume is not null ? TakenFor(volume) : TakenFor(claim, names);
            if (names is null && logical.Volume is null) continue;
            var name = claim.Metadata.ObjectName;
            var pods = PodsOf(name);
            yield return new(claim, volume, logical.Volume, storageClass)
            {
                Names = names ?? logical.Names,
                Release = _releases[names ?? logical.Names],
                Controller = ControllerOf(names ?? logical.Names),
                Pods = pods,
                Events = Newest(_events, name, claim.Metadata.Uid),
                PodWarnings = _warnings.Count == 0 ? [] : [.. pods.SelectMany(pod => Newest(_warnings, pod.Metadata.ObjectName, pod.Metadata.Uid))],
                Snapshots = _snapshots.Contains(name) ? [.. _snapshots[name].OrderByDescending(snapshot => snapshot.Metadata.CreationTimestamp)] : [],
                Quotas = _quotas.GetValueOrDefault(claim.Metadata.Namespace ?? "", []),
            };
        }
    }

    // Most claims have one Pod or none.
    private ImmutableArray<Pod> PodsOf(ObjectName claim) =>
        !_pods.Contains(claim) ? [] : _pods[claim].ToArray() is [var only] ? [only] : [.. _pods[claim].OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)];

    // An object of the same name may have been there before.
    private static ImmutableArray<Event> Newest(ILookup<ObjectName, Event> events, ObjectName about, string uid) => !events.Contains(about) ? [] :
        [.. events[about].Where(said => said.InvolvedObject.Uid is null or "" || said.InvolvedObject.Uid == uid).OrderByDescending(said => said.At)];

    private Volume Unclaimed(PersistentVolume volume) =>
        With(new(null, volume, TakenFor(volume).Volume, _classes.GetValueOrDefault(volume.Spec.StorageClassName ?? "")), NamesOf(volume.Spec.Csi?.Driver)!);

    private IEnumerable<Volume> Alone()
    {
        var snapshots = _cluster.VolumeSnapshots.Items.Values.Select(snapshot => snapshot.Metadata.Uid).ToHashSet();
        return _logical.Where(left => !Volume.IsSnapshot(left.Value) || !snapshots.Contains(Volume.SnapshotUid(left.Value)))
            .Select(left => With(new(null, null, left.Value, null), NamesOf(left.Key.Group)!));
    }

    private Volume With(Volume volume, TopoLvmNames names) => volume with
    {
        Names = names,
        Release = _releases[names],
        Controller = ControllerOf(names),
    };

    private Component? ControllerOf(TopoLvmNames names) => _installation?.Names == names ? _controller : null;

    private (LogicalVolume? Volume, TopoLvmNames Names) TakenFor(PersistentVolume volume)
    {
        var names = NamesOf(volume.Spec.Csi!.Driver)!;
        if (_logical.Remove((names.Group, volume.Metadata.Name), out var found)) return (found, names);
        // One that a person made for data that stand names the logical volume by its handle alone.
        if (_byHandle.GetValueOrDefault((names.Group, volume.Spec.Csi.VolumeHandle)) is { } named && _logical.Remove((names.Group, named.Metadata.Name))) return (named, names);
        return (null, names);
    }

    private (LogicalVolume? Volume, TopoLvmNames Names) TakenFor(PersistentVolumeClaim claim, TopoLvmNames? names)
    {
        // The data of a claim whose PersistentVolume is lost are still the claim's.
        var name = claim.Spec.VolumeName is { Length: > 0 } lost ? lost : "pvc-" + claim.Metadata.Uid;
        foreach (var each in TopoLvmNames.All)
            if (_logical.Remove((each.Group, name), out var found)) return (found, each);
        return (null, names ?? TopoLvmNames.Current);
    }
}
