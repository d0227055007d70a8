using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Lvmd;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Core.TopoLvm.Diagnosis;

// What every case of one snapshot looks things up in. It is made once per snapshot, in time proportional to it; after that,
// each case costs only what belongs to it.

/// <summary>A cluster, ordered for questions about single objects.</summary>
public sealed class Surroundings
{
    private readonly ILookup<ObjectName, Event> _claimEvents;
    private readonly ILookup<ObjectName, Event> _podWarnings;
    private readonly ILookup<ObjectName, Pod> _users;
    private readonly Dictionary<string, (LvmdGroup Group, LvmdNode Node)> _lvmd;
    private readonly Dictionary<string, StorageNode> _nodes;
    private readonly Lazy<HashSet<string>> _claimUids;
    private readonly ConcurrentDictionary<string, ImmutableArray<ClassRoom>> _offers = new();
    private readonly Lazy<ILookup<ObjectName, Deployment>> _deployments;

    private Surroundings(ClusterSnapshot cluster, StorageState storage)
    {
        (Cluster, Storage) = (cluster, storage);
        NodesByName = [.. cluster.Nodes.Items.Values.OrderBy(node => node.Metadata.Name, StringComparer.Ordinal)];
        _claimEvents = ByObject(cluster.ClaimEvents.Items.Values);
        _podWarnings = ByObject(cluster.PodWarnings.Items.Values);
        Refusals = [.. NewestFirst(cluster.Refusals.Items.Values)];
        _users = cluster.Pods.Items.Values.SelectMany(pod => ClaimsOf(pod).Select(claim => (claim, pod))).ToLookup(use => use.claim, use => use.pod);
        _lvmd = storage.LvmdGroups.SelectMany(group => group.Nodes.Select(node => (group, node))).GroupBy(one => one.node.Name).ToDictionary(one => one.Key, one => one.First());
        _nodes = storage.Nodes.ToDictionary(node => node.Name);
        _deployments = new(() => cluster.Deployments.Items.Values
            .SelectMany(deployment => ClaimsOf(deployment.Spec.Template.Spec, deployment.Metadata.Namespace).Select(claim => (claim, deployment))).ToLookup(use => use.claim, use => use.deployment));
        _claimUids = new(() => [.. cluster.Claims.Items.Values.Select(claim => claim.Metadata.Uid), .. cluster.VolumeSnapshots.Items.Values.Select(one => one.Metadata.Uid)]);
    }

    public ClusterSnapshot Cluster { get; }

    public StorageState Storage { get; }

    internal Installation? Installation => Storage.Installation;

    /// <summary>Of the installed TopoLVM, or of the one that was.</summary>
    internal TopoLvmNames Names => Installation?.Names ?? TopoLvmNames.Legacy;

    internal Version? Version => Installation?.Version is { } text && Version.TryParse(text.Split('-', '+')[0], out var version) ? version : null;

    internal ExtenderRules Rules => ExtenderRules.Of(Installation?.Version);

    internal ImmutableArray<Node> NodesByName { get; }

    /// <summary>Objects that some workload could not create, the newest first.</summary>
    internal ImmutableArray<Event> Refusals { get; }

    /// <summary>The ground for all questions about one snapshot and the picture made from it.</summary>
    public static Surroundings Of(ClusterSnapshot cluster, StorageState storage) => new(cluster, storage);

    internal IEnumerable<Event> EventsOf(PersistentVolumeClaim claim) => _claimEvents[claim.Metadata.ObjectName].Where(one => IsAbout(one, claim.Metadata));

    internal IEnumerable<Event> WarningsOf(Pod pod) => _podWarnings[pod.Metadata.ObjectName].Where(one => IsAbout(one, pod.Metadata));

    internal ClaimCase Claim(ObjectName name) => ClaimCase.Of(name, this);

    /// <summary>Pods that mount a claim.</summary>
    internal IEnumerable<Pod> UsersOf(ObjectName claim) => _users[claim].OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal);

    /// <summary>Deployments whose pods would mount a claim.</summary>
    internal IEnumerable<Deployment> DeploymentsOf(ObjectName claim) => _deployments.Value[claim];

    internal Node? Node(string name) => Cluster.Nodes.Items.GetValueOrDefault(new(null, name));

    internal StorageNode? StorageNode(string name) => _nodes.GetValueOrDefault(name);

    internal StorageClass? ClassOf(PersistentVolumeClaim claim) => Cluster.StorageClasses.Items.GetValueOrDefault(new(null, claim.Spec.StorageClassName ?? ""));

    internal PersistentVolume? PersistentVolume(string? name) => Cluster.PersistentVolumes.Items.GetValueOrDefault(new(null, name ?? ""));

    internal LogicalVolume? LogicalVolume(string? name) =>
        Cluster.LegacyLogicalVolumes.Items.GetValueOrDefault(new(null, name ?? "")) ?? Cluster.LogicalVolumes.Items.GetValueOrDefault(new(null, name ?? ""));

    /// <summary>The lvmd configuration that a node takes, and how lvmd is there; null where none selects the node.</summary>
    internal (LvmdGroup Group, LvmdNode Node)? Lvmd(string node) => _lvmd.TryGetValue(node, out var found) ? found : null;

    /// <summary>What a node publishes for a device class; null when it publishes nothing that can be read.</summary>
    internal long? Published(Node node, string deviceClass) => long.TryParse(
        node.Metadata.Annotations.GetValueOrDefault(Names.CapacityAnnotationPrefix + deviceClass), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    /// <summary>What each node of <see cref="NodesByName"/> has of a device class.</summary>
    internal ImmutableArray<ClassRoom> OffersOf(string deviceClass) =>
        _offers.GetOrAdd(deviceClass, static (name, around) => [.. around.NodesByName.Select(node => ClassRoom.Of(name, 0, node, around))], this);

    /// <summary>A claim or snapshot with that uid is there, so what is made for it is no leftover.</summary>
    internal bool IsWanted(string uid) => _claimUids.Value.Contains(uid);

    internal static IEnumerable<ObjectName> ClaimsOf(Pod pod) => ClaimsOf(pod.Spec, pod.Metadata.Namespace);

    private static IEnumerable<ObjectName> ClaimsOf(PodSpec pod, string? ns) =>
        pod.Volumes.Where(volume => volume.PersistentVolumeClaim is not null).Select(volume => new ObjectName(ns, volume.PersistentVolumeClaim!.ClaimName)).Distinct();

    private static ILookup<ObjectName, Event> ByObject(IEnumerable<Event> events) => NewestFirst(events).ToLookup(one => one.About);

    private static IOrderedEnumerable<Event> NewestFirst(IEnumerable<Event> events) =>
        events.OrderByDescending(one => one.At).ThenBy(one => one.Metadata.Name, StringComparer.Ordinal);

    // An object that was there before under the same name has left its events behind.
    private static bool IsAbout(Event one, ObjectMeta subject) => string.IsNullOrEmpty(one.InvolvedObject.Uid) || subject.Uid.Length == 0 || one.InvolvedObject.Uid == subject.Uid;
}
