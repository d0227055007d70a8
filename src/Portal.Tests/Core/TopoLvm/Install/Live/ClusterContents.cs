using Portal.Core.Kubernetes;

namespace Portal.Tests.Core.TopoLvm.Install.Live;

/// <summary>Everything that a cluster holds, as lines that can be compared: what an install leaves behind shows as a difference.</summary>
internal static class ClusterContents
{
    // They come and go by themselves, or are another view of what is listed anyway.
    private static readonly string[] Fleeting = ["Event", "Lease", "Endpoints", "EndpointSlice", "ControllerRevision", "ComponentStatus", "PriorityLevelConfiguration", "FlowSchema"];

    /// <summary>One line per object with its labels, annotations and finalizers.</summary>
    public static async Task<string[]> OfAsync(KubeClient client, CancellationToken cancel)
    {
        var api = await client.DiscoverAsync(cancel);
        var kinds = api.Kinds.Where(kind => !Fleeting.Contains(kind.Kind)).GroupBy(kind => (kind.Group, kind.Kind)).Select(versions => versions.First());
        var lines = new List<string>();
        foreach (var kind in kinds)
        {
            try
            {
                lines.AddRange((await client.ListAllAsync(kind, ListQuery.All, cancel)).Items.Select(item => Line(kind, item)));
            }
            catch (KubeException unlistable) when (unlistable.Status.Code is 404 or 405)
            {
                // Reviews and bindings hold nothing.
            }
        }
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static string Line(KubeKind kind, KubeObject item)
    {
        var metadata = item.Metadata;
        // The kubelet's own account of a node changes while nothing is installed.
        var marks = metadata.Labels.Concat(metadata.Annotations).Where(mark => !mark.Key.Contains("kubernetes.io/", StringComparison.Ordinal) && !mark.Key.StartsWith("topology.", StringComparison.Ordinal))
            .Select(mark => mark.Key + "=" + mark.Value).Concat(metadata.Finalizers).Order(StringComparer.Ordinal);
        return $"{kind} {metadata.ObjectName} {string.Join(' ', marks)}";
    }
}
