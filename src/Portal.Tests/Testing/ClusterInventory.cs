using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Portal.Core.Kubernetes;

namespace Portal.Tests.Testing;

/// <summary>Everything that a cluster holds, one line an object, in an order that two clusters can be compared by. Names that controllers make
/// up lose their random part; an object that exists twice is there twice.</summary>
public static partial class ClusterInventory
{
    // Records of what happened, not of what is.
    private static readonly string[] Passing = ["Event", "Lease", "Endpoints", "EndpointSlice", "ControllerRevision", "FlowSchema", "PriorityLevelConfiguration"];

    public static async Task<ImmutableArray<string>> ReadAsync(KubeClient client, CancellationToken cancel)
    {
        var api = await client.DiscoverAsync(cancel);
        var kinds = api.Kinds.Where(kind => !Passing.Contains(kind.Kind)).DistinctBy(kind => (Family(kind), kind.Kind));
        var lines = new List<string>();
        foreach (var kind in kinds)
        {
            try
            {
                var list = await client.ListAsync(kind, ListQuery.All, cancel);
                lines.AddRange(list.Items.Select(item => Line(kind, item)));
            }
            catch (KubeException refusal) when (refusal.Status.Code is 404 or 405)
            {
                // Reviews and bindings are made, but cannot be listed.
            }
        }
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    // Ingresses and PodSecurityPolicies are served by two groups; each is one object all the same.
    private static string Family(KubeKind kind) => kind.Group is "extensions" or "networking.k8s.io" or "policy" ? "" : kind.Group;

    private static string Line(KubeKind kind, KubeObject item)
    {
        var name = item.Metadata.OwnerReferences is [var owner, ..] ? "of " + owner.Kind + " " + Generated().Replace(owner.Name, "-*") : TokenOf().Replace(item.Name, "-*");
        var marks = item.Metadata.Labels.Keys.Concat(item.Metadata.Annotations.Keys).Concat(item.Metadata.Finalizers).Where(mark => mark.Contains("topolvm"));
        var deleting = item.Metadata.IsBeingDeleted ? " being deleted" : "";
        return $"{kind} {item.Namespace}/{name}{deleting} [{string.Join(' ', marks.Order(StringComparer.Ordinal))}]";
    }

    // ReplicaSet names end in a hash of the pod template, which holds the fingerprint of a certificate that is new each time.
    [GeneratedRegex("-[a-z0-9]{6,10}$")]
    private static partial Regex Generated();

    // Kubernetes up to 1.23 makes a Secret with a token for each ServiceAccount.
    [GeneratedRegex("(?<=-token)-[a-z0-9]{5}$")]
    private static partial Regex TokenOf();
}
