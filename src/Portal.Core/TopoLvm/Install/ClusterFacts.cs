using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Install;

/// <summary>An object whatever API version it is read with.</summary>
public readonly record struct LiveName(string Group, string Kind, ObjectName Name)
{
    public static LiveName Of(KubeKind kind, KubeObject document) => new(kind.Group, kind.Kind, new(document.Namespace, document.Name));

    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>What the plan and the preflight of an install must know about a cluster, read at one moment.</summary>
public sealed record ClusterFacts
{
    public required ApiResources Api { get; init; }
    public ImmutableArray<Node> Nodes { get; init; } = [];

    /// <summary>The objects of the plan that stand already.</summary>
    public ImmutableDictionary<LiveName, KubeObject> Live { get; init; } = ImmutableDictionary<LiveName, KubeObject>.Empty;

    /// <summary>The pair that the webhook's Secret holds and that can be used as it is; null when one is to be made.</summary>
    public WebhookCertificate? Certificate { get; init; }

    /// <summary>TopoLVM's Deployments and DaemonSets, in every namespace.</summary>
    public ImmutableArray<KubeObject> Workloads { get; init; } = [];

    /// <summary>TopoLVM's CRD in the groups that have one.</summary>
    public ImmutableArray<KubeObject> Definitions { get; init; } = [];

    public ImmutableArray<StorageClass> StorageClasses { get; init; } = [];

    /// <summary>LogicalVolumes by group; a group that is not served is absent.</summary>
    public ImmutableDictionary<string, int> LogicalVolumes { get; init; } = ImmutableDictionary<string, int>.Empty;

    public KubeObject? Find(LiveName name) => Live.GetValueOrDefault(name);

    /// <summary>The nodes that carry a control-plane label, by its new or its old name.</summary>
    public IEnumerable<Node> ControlPlaneNodes => Nodes.Where(node => node.Metadata.Labels.ContainsKey("node-role.kubernetes.io/control-plane")
        || node.Metadata.Labels.ContainsKey("node-role.kubernetes.io/master"));
}
