using System.Collections.Immutable;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm;

public enum ComponentRole
{
    Controller,
    Scheduler,
    Lvmd,
    Node,
}

public enum ComponentHealth
{
    Ready,

    /// <summary>It is a DaemonSet that no node asks for yet.</summary>
    Idle,

    /// <summary>Pods are starting, or a rollout is under way.</summary>
    Progressing,

    /// <summary>Something keeps it from becoming ready; <see cref="Component.Why"/> says what.</summary>
    Failing,
}

/// <summary>One workload of TopoLVM and how it is.</summary>
/// <param name="Desired">Pods that should run; pods on nodes that are offline count too.</param>
/// <param name="Offline">Pods that cannot become ready because their node is offline; they do not make the component unready.</param>
/// <param name="Why">Why it is not ready, or what is worth knowing although it is; null when there is nothing to say.</param>
public sealed record Component(
    ComponentRole Role, string WorkloadKind, ObjectName Workload, int Ready, int Desired, int Offline, ComponentHealth Health, Message? Why)
{
    public string Image { get; init; } = "";

    /// <summary>Label app.kubernetes.io/managed-by; null when there is none.</summary>
    public string? ManagedBy { get; init; }

    public string? Version { get; init; }

    /// <summary>The API group the workload names in its command or environment; null when it names none.</summary>
    public string? Group { get; init; }

    /// <summary>lvmd runs inside topolvm-node (from 0.23 on, by choice).</summary>
    public bool EmbedsLvmd { get; init; }

    /// <summary>The controller leaves claims and LogicalVolumes of a deleted Node object alone (from 0.10.4 on, by choice).</summary>
    public bool SkipsNodeFinalize { get; init; }

    private static readonly (string Container, ComponentRole Role)[] Roles =
    [
        ("topolvm-controller", ComponentRole.Controller), ("topolvm-scheduler", ComponentRole.Scheduler),
        ("lvmd", ComponentRole.Lvmd), ("topolvm-node", ComponentRole.Node),
    ];

    /// <summary>Every workload that runs a TopoLVM container, in the order of <see cref="ComponentRole"/>.</summary>
    public static ImmutableArray<Component> FindAll(ClusterSnapshot cluster)
    {
        var pods = cluster.Pods.Items.Values
            .SelectMany(pod => pod.Metadata.OwnerReferences.Where(owner => owner.Controller).Select(owner => (owner.Uid, pod)))
            .ToLookup(owned => owned.Uid, owned => owned.pod);
        var deployments = cluster.Deployments.Items.Values.Select(workload => OfDeployment(workload, cluster));
        var daemonSets = cluster.DaemonSets.Items.Values.Select(workload => OfDaemonSet(workload, pods[workload.Metadata.Uid], cluster));
        return [.. deployments.Concat(daemonSets).OfType<Component>().OrderBy(found => found.Role).ThenBy(found => found.Workload.Name, StringComparer.Ordinal)];
    }

    private static Component? OfDeployment(Deployment workload, ClusterSnapshot cluster)
    {
        if (RoleOf(workload.Spec.Template) is not { } role) return null;
        var status = workload.Status;
        var isReady = status.ObservedGeneration >= workload.Metadata.Generation
            && status.UpdatedReplicas >= workload.Spec.Replicas && status.AvailableReplicas >= workload.Spec.Replicas;
        // Its pods belong to a ReplicaSet, which is not watched: the template's labels and the name's prefix find them as well.
        var pods = cluster.Pods.Items.Values.Where(pod => pod.Metadata.Namespace == workload.Metadata.Namespace
            && pod.Metadata.Name.StartsWith(workload.Metadata.Name + "-", StringComparison.Ordinal)
            && workload.Spec.Template.Metadata.Labels.All(label => pod.Metadata.Labels.GetValueOrDefault(label.Key) == label.Value));
        var trouble = isReady ? null : PodTrouble.First(pods);
        return Describe(role, "Deployment", workload.Metadata, workload.Spec.Template, status.AvailableReplicas, workload.Spec.Replicas, 0) with
        {
            Health = isReady ? ComponentHealth.Ready : trouble is null ? ComponentHealth.Progressing : ComponentHealth.Failing,
            Why = isReady ? null : trouble ?? StorageTexts.ComponentStarting(workload.Metadata.Name, status.AvailableReplicas, workload.Spec.Replicas),
        };
    }

    private static Component? OfDaemonSet(DaemonSet workload, IEnumerable<Pod> owned, ClusterSnapshot cluster)
    {
        if (RoleOf(workload.Spec.Template) is not { } role) return null;
        var status = workload.Status;
        var pods = owned.ToLookup(pod => IsOffline(pod, cluster));
        var offline = pods[true].Count(pod => !pod.IsReady);
        var isIdle = status.DesiredNumberScheduled == 0 && status.ObservedGeneration >= workload.Metadata.Generation;
        var isReady = status.ObservedGeneration >= workload.Metadata.Generation
            && status.UpdatedNumberScheduled + offline >= status.DesiredNumberScheduled && status.NumberAvailable + offline >= status.DesiredNumberScheduled;
        var trouble = isReady ? null : PodTrouble.First(pods[false]);
        var name = workload.Metadata.Name;
        return Describe(role, "DaemonSet", workload.Metadata, workload.Spec.Template, status.NumberAvailable, status.DesiredNumberScheduled, offline) with
        {
            Health = isIdle ? ComponentHealth.Idle : isReady ? ComponentHealth.Ready : trouble is null ? ComponentHealth.Progressing : ComponentHealth.Failing,
            Why = isIdle ? StorageTexts.ComponentIdle(name)
                : !isReady ? trouble ?? StorageTexts.ComponentStarting(name, status.NumberAvailable, status.DesiredNumberScheduled)
                : offline > 0 ? StorageTexts.ComponentOffline(name, offline) : null,
        };
    }

    private static bool IsOffline(Pod pod, ClusterSnapshot cluster) =>
        pod.Spec.NodeName is { } node && cluster.Nodes.Items.TryGetValue(new(null, node), out var found) && !found.IsReady;

    private static Component Describe(
        ComponentRole role, string kind, ObjectMeta metadata, PodTemplate template, int ready, int desired, int offline)
    {
        var main = template.Spec.Containers.First(container => Roles.Any(known => known.Container == container.Name && known.Role == role));
        return new(role, kind, metadata.ObjectName, ready, desired, offline, ComponentHealth.Progressing, null)
        {
            Image = main.Image,
            ManagedBy = metadata.Labels.GetValueOrDefault("app.kubernetes.io/managed-by"),
            Version = VersionOf(main.Image) ?? metadata.Labels.GetValueOrDefault("app.kubernetes.io/version"),
            Group = GroupOf(template.Spec),
            EmbedsLvmd = main.Command.Concat(main.Args).Any(word => word == "--embed-lvmd"),
            SkipsNodeFinalize = main.Command.Concat(main.Args).Any(word => word is "--skip-node-finalize" or "--skip-node-finalize=true"),
        };
    }

    private static ComponentRole? RoleOf(PodTemplate template) =>
        Roles.Where(known => template.Spec.Containers.Any(container => container.Name == known.Container))
            .Select(known => (ComponentRole?)known.Role).FirstOrDefault();

    /// <summary>The image's tag when it is a version: "…/topolvm-with-sidecar:0.10.0" is 0.10.0, ":latest" is null.</summary>
    private static string? VersionOf(string image)
    {
        var tag = image.Split('@')[0].Split('/')[^1].Split(':') is [_, var found] ? found.TrimStart('v') : "";
        return System.Version.TryParse(tag.Split('-', '+')[0], out _) ? tag : null;
    }

    // The node plugin's registration path carries the group; the controller's environment says when current binaries keep the old one.
    private static string? GroupOf(PodSpec pod)
    {
        if (pod.Containers.Any(container => container.Env.Any(variable => variable.Name == "USE_LEGACY"))) return TopoLvmNames.Legacy.Group;
        var words = pod.Containers.SelectMany(container => container.Command.Concat(container.Args));
        return TopoLvmNames.All.FirstOrDefault(names => words.Any(word => word.Contains("/plugins/" + names.Group + "/", StringComparison.Ordinal)))?.Group;
    }
}
