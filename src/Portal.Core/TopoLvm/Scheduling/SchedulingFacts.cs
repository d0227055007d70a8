using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>What a snapshot holds that tells how pods are brought to space.</summary>
public sealed record SchedulingFacts
{
    public required Installation Installation { get; init; }

    public required ServerVersion Version { get; init; }

    public ImmutableArray<KubeSchedulerPod> KubeSchedulers { get; init; } = [];

    /// <summary>topolvm-scheduler; null when it is not installed.</summary>
    public Component? Extender { get; init; }

    /// <summary>kube-scheduler's nodes without a topolvm-scheduler that is ready, where each asks the one beside it.</summary>
    public ImmutableArray<string> Unanswered { get; init; } = [];

    /// <summary>TopoLVM's webhook marks pods for the extender.</summary>
    public bool MarksPods { get; init; }

    /// <summary>The CSIDriver object says that capacity is published; null when there is no such object.</summary>
    public bool? TracksCapacity { get; init; }

    public bool ServesCapacity { get; init; }

    /// <summary>TopoLVM's CSIStorageCapacity objects.</summary>
    public ImmutableArray<CsiStorageCapacity> Capacities { get; init; } = [];

    /// <summary>How many of them say something else than the node itself.</summary>
    public int Outdated { get; init; }

    /// <summary>The newest answer of each kind that kube-scheduler gave since its pods were made.</summary>
    public Event? Insufficient { get; init; }

    /// <summary>The newest pod that was marked for the extender and runs nevertheless: as no node offers the resource, kube-scheduler must know whom
    /// to ask about it.</summary>
    public PlacedPod? Placed { get; init; }

    public Event? ExtenderSpoke { get; init; }
    public Event? ExtenderSilent { get; init; }
    public Event? CapacitySpoke { get; init; }

    public static SchedulingFacts Of(ClusterSnapshot cluster, Installation installation)
    {
        var names = installation.Names;
        var schedulers = KubeSchedulerPod.FindAll(cluster);
        var extender = installation.Find(ComponentRole.Scheduler);
        var classes = cluster.StorageClasses.Items.Values.Where(one => one.Provisioner == names.Provisioner).Select(one => one.Metadata.Name).ToHashSet();
        var capacities = cluster.StorageCapacities.Items.Values.Where(one => classes.Contains(one.StorageClassName))
            .OrderBy(one => one.Metadata.Name, StringComparer.Ordinal).ToImmutableArray();
        var since = schedulers.Select(pod => pod.Since).Max();
        var said = cluster.PodWarnings.Items.Values.Where(one => one.Reason == "FailedScheduling" && (since is null || one.At > since)).OrderByDescending(one => one.At).ToArray();
        return new()
        {
            Installation = installation,
            Version = cluster.Api.Version,
            KubeSchedulers = schedulers,
            Extender = extender,
            Unanswered = extender is null ? [] : UnansweredOf(cluster, schedulers, extender),
            MarksPods = cluster.Webhooks.Items.Values.SelectMany(one => one.Webhooks).Any(webhook => webhook.Name == "pod-hook." + names.Group),
            TracksCapacity = cluster.CsiDrivers.Items.GetValueOrDefault(new(null, names.Provisioner))?.Spec.StorageCapacity,
            ServesCapacity = cluster.StorageCapacities.IsServed,
            Capacities = capacities,
            Outdated = PublishedCapacities.Of(cluster, names).Count(one => cluster.Nodes.Items.GetValueOrDefault(new(null, one.Node)) is { } node
                && node.Metadata.Annotations.GetValueOrDefault(names.CapacityAnnotationPrefix + one.DeviceClass) != one.Bytes.ToString(CultureInfo.InvariantCulture)),
            Placed = PlacedPod.Newest(cluster, names, since),
            Insufficient = said.FirstOrDefault(one => one.Message.Contains("Insufficient " + names.CapacityResource, StringComparison.Ordinal)),
            ExtenderSpoke = said.FirstOrDefault(one => one.Message.Contains("out of VG free space", StringComparison.Ordinal) || one.Message.Contains("no capacity annotation", StringComparison.Ordinal)),
            ExtenderSilent = said.FirstOrDefault(one => one.Message.Contains("/predicate", StringComparison.Ordinal)),
            CapacitySpoke = said.FirstOrDefault(one => one.Message.Contains("did not have enough free storage", StringComparison.Ordinal)),
        };
    }

    // The address in kube-scheduler's file is its own host's, where topolvm-scheduler runs as a DaemonSet.
    private static ImmutableArray<string> UnansweredOf(ClusterSnapshot cluster, ImmutableArray<KubeSchedulerPod> schedulers, Component extender)
    {
        if (extender.WorkloadKind != "DaemonSet") return extender.Ready > 0 ? [] : [extender.Workload.Name];
        var answering = cluster.Pods.Items.Values.Where(pod => pod.IsReady && !pod.Metadata.IsBeingDeleted && pod.Spec.Containers.Any(container => container.Name == "topolvm-scheduler"))
            .Select(pod => pod.Spec.NodeName).ToHashSet();
        return [.. schedulers.Select(pod => pod.Node).Where(node => !answering.Contains(node))];
    }
}

/// <summary>A pod that kube-scheduler has brought to a node.</summary>
public sealed record PlacedPod(ObjectName Name, DateTimeOffset At)
{
    /// <summary>The pod with TopoLVM's mark that was placed last, after a moment; null when there is none.</summary>
    public static PlacedPod? Newest(ClusterSnapshot cluster, TopoLvmNames names, DateTimeOffset? since) => cluster.Pods.Items.Values
        .Where(pod => pod.Status.Phase == "Running" && pod.Spec.Containers.Any(container => container.Resources.Requests.ContainsKey(names.CapacityResource)))
        .Select(pod => new PlacedPod(pod.Metadata.ObjectName, ScheduledAt(pod) ?? DateTimeOffset.MinValue))
        .Where(pod => since is null || pod.At > since).OrderByDescending(pod => pod.At).ThenBy(pod => pod.Name.ToString(), StringComparer.Ordinal).FirstOrDefault();

    private static DateTimeOffset? ScheduledAt(Pod pod) =>
        pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "True" })?.LastTransitionTime ?? pod.Metadata.CreationTimestamp;
}

/// <summary>Reads CSIStorageCapacity objects as capacities of device classes on nodes.</summary>
public static class PublishedCapacities
{
    public static ImmutableArray<PublishedCapacity> Of(ClusterSnapshot cluster, TopoLvmNames names)
    {
        var classes = cluster.StorageClasses.Items.Values.Where(one => one.Provisioner == names.Provisioner)
            .ToDictionary(one => one.Metadata.Name, one => one.Parameters.GetValueOrDefault(names.DeviceClassParameter) is { Length: > 0 } named ? named : TopoLvmNames.DefaultClass);
        return
        [
            .. from one in cluster.StorageCapacities.Items.Values
               where classes.ContainsKey(one.StorageClassName) && Quantity.TryParse(one.Capacity, out _)
               let node = one.NodeTopology?.MatchLabels.GetValueOrDefault(names.TopologyLabel)
               where node is not null
               select new PublishedCapacity(classes[one.StorageClassName], node, Quantity.Parse(one.Capacity!).Value),
        ];
    }
}
