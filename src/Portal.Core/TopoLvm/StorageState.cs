using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Cluster;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Core.TopoLvm;

// The picture a storage administrator has in mind, made from what the API server stores. It is one pure function, and the
// only place where nodes, claims, PersistentVolumes, LogicalVolumes and pods are joined; pages read it and join nothing.

/// <summary>The cluster's local storage, as of one snapshot.</summary>
public sealed record StorageState(Installation? Installation, ImmutableArray<StorageNode> Nodes, ImmutableArray<Volume> Volumes)
{
    public static readonly StorageState Empty = new(null, [], []);

    /// <summary>Every lvmd configuration, with the nodes that take it.</summary>
    public ImmutableArray<LvmdGroup> LvmdGroups { get; init; } = [];

    /// <summary>The StorageClasses whose provisioner is TopoLVM, by name.</summary>
    public ImmutableArray<LocalStorageClass> StorageClasses { get; init; } = [];

    /// <summary>The configuration that a node takes; null for a node without lvmd.</summary>
    public LvmdGroup? LvmdGroupOf(string node) => LvmdGroups.FirstOrDefault(group => group.Node(node) is not null);

    /// <summary>The label edgeadm's manifests select, in the form key=value splits into.</summary>
    public static readonly KeyValuePair<string, string> DefaultNodeLabel = new("superedge.io/local.pv", "topolvm");

    public static StorageState From(ClusterSnapshot cluster) => From(cluster, DefaultNodeLabel);

    public static StorageState From(ClusterSnapshot cluster, KeyValuePair<string, string> nodeLabel)
    {
        var installation = Installation.Find(cluster);
        var logicalVolumes = cluster.LogicalVolumes.Items.Values.Concat(cluster.LegacyLogicalVolumes.Items.Values).ToImmutableArray();
        var podsByNode = cluster.Pods.Items.Values.Where(pod => pod.Spec.NodeName is not null).ToLookup(pod => pod.Spec.NodeName!);
        var volumesByNode = logicalVolumes.CountBy(volume => volume.Spec.NodeName).ToDictionary();
        var nodes = cluster.Nodes.Items.Values
            .Select(node => StorageNodeOf(node, installation, nodeLabel) with
            {
                Pods = [.. podsByNode[node.Metadata.Name].Where(IsNodePart).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)],
                LogicalVolumes = volumesByNode.GetValueOrDefault(node.Metadata.Name),
            })
            .OrderByDescending(node => node.IsControlPlane).ThenBy(node => node.Name, StringComparer.Ordinal);
        return new(installation, [.. nodes], Volume.Join(cluster, logicalVolumes)) 
        {
            LvmdGroups = LvmdGroup.FindAll(cluster, installation?.Names),
            StorageClasses = LocalStorageClass.FindAll(cluster),
        };
    }

    private static bool IsNodePart(Pod pod) => pod.Spec.Containers.Any(container => container.Name is "lvmd" or "topolvm-node");

    private static StorageNode StorageNodeOf(Node node, Installation? installation, KeyValuePair<string, string> label)
    {
        var labels = node.Metadata.Labels;
        var isControlPlane = labels.ContainsKey("node-role.kubernetes.io/control-plane") || labels.ContainsKey("node-role.kubernetes.io/master");
        var offlineSince = node.IsReady ? null : node.ReadyCondition?.LastTransitionTime ?? node.Metadata.CreationTimestamp;
        return new(node.Metadata.Name, isControlPlane, node.IsReady, offlineSince, labels.GetValueOrDefault(label.Key) == label.Value,
            installation is null ? [] : CapacitiesOf(node, installation.Names));
    }

    private static ImmutableArray<Capacity> CapacitiesOf(Node node, TopoLvmNames names) =>
    [
        .. node.Metadata.Annotations
            .Where(annotation => annotation.Key.StartsWith(names.CapacityAnnotationPrefix, StringComparison.Ordinal))
            .Select(annotation => (Class: annotation.Key[names.CapacityAnnotationPrefix.Length..],
                IsNumber: long.TryParse(annotation.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes), Bytes: bytes))
            .Where(annotation => annotation.IsNumber)
            .Select(annotation => new Capacity(annotation.Class, annotation.Bytes))
            .OrderBy(capacity => capacity.IsDefaultAlias).ThenBy(capacity => capacity.DeviceClass, StringComparer.Ordinal),
    ];
}
