using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.Cluster;

// One informer per kind for the whole process, joined into one snapshot. The first change after a quiet time is published at
// once; while changes keep coming, they are gathered and published four times a second, for all viewers together.

/// <summary>Keeps a current snapshot of everything the portal reads from one cluster.</summary>
public sealed partial class ClusterWatch
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    // Times that discovery is repeated, a gathering apart, while it contradicts the definitions.
    private const int LagLimit = 20;

    private readonly KubeClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<IWatchedKind> _kinds = [];
    private readonly Signal _changed = new();
    private ApiResources _api = ApiResources.None;
    private ImmutableSortedSet<string> _definitions = [];
    private int _lagging;

    public ClusterWatch(KubeClient client, TimeProvider time, ILogger<ClusterWatch> logger)
    {
        (_client, _time, _logger) = (client, time, logger);
        // A new kind: its property in ClusterSnapshot, and its line here.
        Add(Node.Kind, (snapshot, items) => snapshot with { Nodes = items });
        Add(Namespace.Kind, (snapshot, items) => snapshot with { Namespaces = items });
        Add(Pod.Kind, (snapshot, items) => snapshot with { Pods = items });
        Add(Deployment.Kind, (snapshot, items) => snapshot with { Deployments = items });
        Add(DaemonSet.Kind, (snapshot, items) => snapshot with { DaemonSets = items });
        Add(PersistentVolumeClaim.Kind, (snapshot, items) => snapshot with { Claims = items });
        Add(PersistentVolume.Kind, (snapshot, items) => snapshot with { PersistentVolumes = items });
        Add(StorageClass.Kind, (snapshot, items) => snapshot with { StorageClasses = items });
        Add(CsiDriver.Kind, (snapshot, items) => snapshot with { CsiDrivers = items });
        Add(CustomResourceDefinition.Kind, (snapshot, items) => snapshot with { CustomResourceDefinitions = items });
        Add(LogicalVolume.KindIn(TopoLvm.TopoLvmNames.Legacy.Group), (snapshot, items) => snapshot with { LegacyLogicalVolumes = items });
        Add(LogicalVolume.KindIn(TopoLvm.TopoLvmNames.Current.Group), (snapshot, items) => snapshot with { LogicalVolumes = items });
        AddExtra(ConfigMap.Kind, (snapshot, items) => snapshot with { ConfigMaps = items }, scope: new() { LabelSelector = "app.kubernetes.io/name=topolvm" });
        AddExtra(MutatingWebhookConfiguration.Kind, (snapshot, items) => snapshot with { Webhooks = items });
        AddExtra(CsiNode.Kind, (snapshot, items) => snapshot with { CsiNodes = items });
        AddExtra(ResourceQuota.Kind, (snapshot, items) => snapshot with { ResourceQuotas = items });
        AddExtra(VolumeSnapshot.Kind, (snapshot, items) => snapshot with { VolumeSnapshots = items });
        AddExtra(VolumeSnapshotClass.Kind, (snapshot, items) => snapshot with { VolumeSnapshotClasses = items });
        // Where both are served they hold the same objects; the later line wins when it has any.
        AddExtra(CsiStorageCapacity.KindIn("v1beta1"), (snapshot, items) => snapshot with { StorageCapacities = items }, "v1beta1");
        AddExtra(CsiStorageCapacity.KindIn("v1"), (snapshot, items) => items.IsServed ? snapshot with { StorageCapacities = items } : snapshot);
        AddExtra(Event.Kind, (snapshot, items) => snapshot with { ClaimEvents = items }, "persistentvolumeclaims", new() { FieldSelector = "involvedObject.kind=PersistentVolumeClaim" });
        AddExtra(Event.Kind, (snapshot, items) => snapshot with { PodWarnings = items }, "pods", new() { FieldSelector = "involvedObject.kind=Pod,type=Warning" });
        AddExtra(Event.Kind, (snapshot, items) => snapshot with { Refusals = items }, "refusals", new() { FieldSelector = "reason=FailedCreate,type=Warning" });
    }

    public Live<ClusterSnapshot> Live { get; } = new(ClusterSnapshot.Empty);

    /// <summary>Runs until cancelled; to be run once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var informers = Task.WhenAll(_kinds.Select(kind => kind.RunAsync(_changed.Set, cancel)));
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await _changed.WaitAsync(cancel);
                Live.Publish(Current());
                if (await RenewDiscoveryAsync(cancel)) Live.Publish(Current());
                await Task.Delay(Gather, _time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The portal closes.
        }
        await informers;
    }

    private void Add<T>(KubeKind<T> kind, Func<ClusterSnapshot, KindSnapshot<T>, ClusterSnapshot> place) where T : IKubeObject =>
        _kinds.Add(new WatchedKind<T>(new Informer<T>(_client, kind, ListQuery.All, _time, _logger), kind.ToString(), true, place));

    /// <param name="part">Tells two watches of one kind apart.</param>
    private void AddExtra<T>(KubeKind<T> kind, Func<ClusterSnapshot, KindSnapshot<T>, ClusterSnapshot> place, string? part = null, ListQuery? scope = null)
        where T : IKubeObject
    {
        var name = part is null ? kind.ToString() : kind + "/" + part;
        _kinds.Add(new WatchedKind<T>(new Informer<T>(_client, kind, scope ?? ListQuery.All, _time, _logger), name, false, place));
    }

    private ClusterSnapshot Current() => _kinds.Aggregate(
        ClusterSnapshot.Empty with { Api = _api, Freshness = [.. _kinds.Select(kind => kind.Freshness)] },
        (snapshot, kind) => kind.PlaceIn(snapshot));

    /// <summary>Asks what the server serves when that may have changed: at first contact, and when a CRD is established or goes.</summary>
    private async Task<bool> RenewDiscoveryAsync(CancellationToken cancel)
    {
        var snapshot = Live.Current;
        var definitions = snapshot.CustomResourceDefinitions.Items.Values
            .Where(definition => definition.IsEstablished).Select(definition => definition.Metadata.Name).ToImmutableSortedSet(StringComparer.Ordinal);
        if (!snapshot.Nodes.Freshness.IsLive || (_api != ApiResources.None && definitions.SetEquals(_definitions))) return false;
        try
        {
            _api = await _client.DiscoverAsync(cancel);
            foreach (var kind in _kinds.Where(kind => !kind.IsServed)) kind.Recheck();
            if (IsBehind(definitions) && ++_lagging <= LagLimit) _changed.Set();
            else (_definitions, _lagging) = (definitions, 0);
            return true;
        }
        catch (Exception problem) when (problem is KubeException or HttpRequestException or IOException)
        {
            // The informers meet the same trouble, show it and keep trying; their next change comes back here.
            LogDiscovery(problem);
            return false;
        }
    }

    // The server tells of a definition before it serves the kind, and of its end before it stops. A definition may also serve nothing at
    // all, so the asking ends.
    private bool IsBehind(ImmutableSortedSet<string> definitions)
    {
        var served = _api.Kinds.Select(kind => kind.ToString()).ToHashSet();
        return definitions.Any(name => !served.Contains(name)) || _definitions.Except(definitions).Any(served.Contains);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Asking the API server what it serves failed")]
    private partial void LogDiscovery(Exception problem);

    private interface IWatchedKind
    {
        KindFreshness Freshness { get; }
        bool IsServed { get; }
        Task RunAsync(Action changed, CancellationToken cancel);
        void Recheck();
        ClusterSnapshot PlaceIn(ClusterSnapshot snapshot);
    }

    private sealed class WatchedKind<T>(Informer<T> informer, string name, bool isEssential, Func<ClusterSnapshot, KindSnapshot<T>, ClusterSnapshot> place) : IWatchedKind
        where T : IKubeObject
    {
        public KindFreshness Freshness => new(name, informer.Live.Current.Freshness, isEssential);

        public bool IsServed => informer.Live.Current.IsServed;

        public async Task RunAsync(Action changed, CancellationToken cancel)
        {
            using var subscription = informer.Live.Subscribe(changed);
            await informer.RunAsync(cancel);
        }

        public void Recheck() => informer.Recheck();

        public ClusterSnapshot PlaceIn(ClusterSnapshot snapshot) => place(snapshot, informer.Live.Current);
    }
}
