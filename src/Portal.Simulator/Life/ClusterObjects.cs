using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.Scheduling;
using Portal.Simulator.Life.TopoLvm;
using Portal.Simulator.Scenarios;

namespace Portal.Simulator.Life;

/// <summary>A current copy of everything that behaviours look at, shared by all of them: one watch per kind.</summary>
public sealed class ClusterObjects
{
    private static readonly InformerTiming Timing = new() { LookForKindEvery = TimeSpan.FromSeconds(3) };

    // Kinds that come and go with their definitions.
    private static readonly KubeKind<KubeObject>[] Defined =
    [
        LifeKinds.Snapshots, LifeKinds.SnapshotContents, LifeKinds.SnapshotClasses, .. TopoLvmNames.All.Select(names => LifeKinds.LogicalVolumes(names.Group)),
    ];

    private readonly Dictionary<string, Informer<KubeObject>> _informers;
    private readonly ObjectIndex<string> _podsByNode = new(pod => pod.Json.Text("spec", "nodeName") is { Length: > 0 } node ? [node] : []);
    private readonly ObjectIndex<string> _podsByOwner = new(pod => pod.Metadata.OwnerReferences.Where(owner => owner.Controller).Select(owner => owner.Uid));
    private readonly ObjectIndex<ObjectName> _podsByClaim = new(pod => PodRules.Claims(pod).Distinct());
    private readonly ObjectIndex<RunningController> _controllers = new(pod => PodRules.IsReady(pod) && RunningController.Of(pod) is { } controller ? [controller] : []);

    public ClusterObjects(KubeClient client, TimeProvider time, ILogger log)
    {
        KubeKind<KubeObject>[] kinds =
        [
            LifeKinds.Nodes, LifeKinds.Pods, LifeKinds.ConfigMaps, LifeKinds.Secrets, LifeKinds.Claims, LifeKinds.PersistentVolumes,
            LifeKinds.Deployments, LifeKinds.ReplicaSets, LifeKinds.DaemonSets, LifeKinds.StorageClasses, LifeKinds.CsiDrivers, LifeKinds.CsiNodes,
            LifeKinds.CustomResources, LifeKinds.Capacities("v1"), LifeKinds.Capacities("v1beta1"),
            .. Defined,
        ];
        _informers = kinds.ToDictionary(KeyOf, kind => new Informer<KubeObject>(client, kind, ListQuery.All, time, log) { Timing = Timing });
    }

    /// <summary>What volumes do by themselves; null where they only grow older.</summary>
    internal SiteCourse? Course { get; init; }

    internal ImmutableDictionary<ObjectName, KubeObject> Nodes => Of(LifeKinds.Nodes);
    internal ImmutableDictionary<ObjectName, KubeObject> Pods => Of(LifeKinds.Pods);
    internal ImmutableDictionary<ObjectName, KubeObject> ConfigMaps => Of(LifeKinds.ConfigMaps);
    internal ImmutableDictionary<ObjectName, KubeObject> Secrets => Of(LifeKinds.Secrets);
    internal ImmutableDictionary<ObjectName, KubeObject> Claims => Of(LifeKinds.Claims);
    internal ImmutableDictionary<ObjectName, KubeObject> PersistentVolumes => Of(LifeKinds.PersistentVolumes);
    internal ImmutableDictionary<ObjectName, KubeObject> Deployments => Of(LifeKinds.Deployments);
    internal ImmutableDictionary<ObjectName, KubeObject> ReplicaSets => Of(LifeKinds.ReplicaSets);
    internal ImmutableDictionary<ObjectName, KubeObject> DaemonSets => Of(LifeKinds.DaemonSets);
    internal ImmutableDictionary<ObjectName, KubeObject> StorageClasses => Of(LifeKinds.StorageClasses);
    internal ImmutableDictionary<ObjectName, KubeObject> CsiDrivers => Of(LifeKinds.CsiDrivers);
    internal ImmutableDictionary<ObjectName, KubeObject> CsiNodes => Of(LifeKinds.CsiNodes);

    internal ImmutableDictionary<ObjectName, KubeObject> Snapshots => Of(LifeKinds.Snapshots);
    internal ImmutableDictionary<ObjectName, KubeObject> SnapshotContents => Of(LifeKinds.SnapshotContents);
    internal ImmutableDictionary<ObjectName, KubeObject> SnapshotClasses => Of(LifeKinds.SnapshotClasses);

    internal ImmutableDictionary<ObjectName, KubeObject> CustomResources => Of(LifeKinds.CustomResources);

    internal VolumeObjects Volumes => new()
    {
        Claims = Claims,
        PersistentVolumes = PersistentVolumes,
        StorageClasses = StorageClasses,
        CsiDrivers = CsiDrivers,
        Capacities = Capacities("v1") is { Count: > 0 } current ? current : Capacities("v1beta1"),
    };

    /// <summary>How full the file system of a mounted volume is.</summary>
    internal VolumeUsage UsageOf(KubeObject claim, KubeObject volume, DateTimeOffset now) =>
        Course?.UsageOf(volume.Name, Sizes.BytesOf(claim.Json.Text("status", "capacity", "storage")), now) ?? VolumeUsage.Of(claim, volume, now);

    internal ImmutableDictionary<ObjectName, KubeObject> Capacities(string version) => Of(LifeKinds.Capacities(version));

    internal bool IsServed(KubeKind kind) => _informers[KeyOf(kind)].Live.Current.IsServed;

    internal ImmutableDictionary<ObjectName, KubeObject> LogicalVolumes(string group) => Of(LifeKinds.LogicalVolumes(group));

    /// <summary>Pods by the node they are bound to.</summary>
    internal ImmutableDictionary<string, ImmutableArray<KubeObject>> PodsByNode => _podsByNode.Of(Pods);

    internal ImmutableArray<KubeObject> PodsOn(string node) => _podsByNode.Of(Pods, node);

    /// <summary>Pods whose controller has that uid.</summary>
    internal ImmutableArray<KubeObject> PodsOf(string ownerUid) => _podsByOwner.Of(Pods, ownerUid);

    /// <summary>Pods that name the claim, ended ones too.</summary>
    internal ImmutableArray<KubeObject> PodsWith(ObjectName claim) => _podsByClaim.Of(Pods, claim);

    /// <summary>TopoLVM's controllers that are ready, one for each group that has any.</summary>
    internal IEnumerable<RunningController> Controllers => _controllers.Of(Pods).Keys.DistinctBy(controller => controller.Names.Group);

    /// <summary>The signal says only that something changed; the subscriber must return at once.</summary>
    public IDisposable Subscribe(Action changed) => new Subscriptions(_informers.Values.Select(informer => informer.Live.Subscribe(changed)));

    /// <summary>Whether every kind has been read once.</summary>
    internal bool IsSynced => _informers.Values.All(informer => informer.Live.Current.Freshness.AsOf is not null);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var definitions = _informers[KeyOf(LifeKinds.CustomResources)].Live.Subscribe(LookForDefined);
        await Task.WhenAll(_informers.Values.Select(informer => informer.RunAsync(cancel)));
    }

    private void LookForDefined()
    {
        foreach (var kind in Defined)
        {
            var objects = _informers[KeyOf(kind)];
            if (CustomResources.ContainsKey(new(null, $"{kind.Plural}.{kind.Group}")) != objects.Live.Current.IsServed) objects.Recheck();
        }
    }

    private ImmutableDictionary<ObjectName, KubeObject> Of(KubeKind kind) => _informers[KeyOf(kind)].Live.Current.Items;

    private static string KeyOf(KubeKind kind) => kind.ApiVersion + "/" + kind.Plural;
}
