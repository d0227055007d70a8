using System.Collections.Concurrent;
using System.Collections.Immutable;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>What else lives in a namespace: the reason not to delete it.</summary>
internal static class NamespaceContents
{
    /// <summary>Objects that neither TopoLVM nor the cluster itself put there, by kind and name.</summary>
    public static async Task<ImmutableArray<LiveName>> ForeignAsync(KubeClient client, ApiResources api, string ns, CancellationToken cancel)
    {
        var kinds = api.Kinds.Where(kind => kind.Namespaced && kind.Group != "metrics.k8s.io").GroupBy(kind => (kind.Group, kind.Kind)).Select(versions => versions.First());
        var foreign = new ConcurrentBag<LiveName>();
        await Parallel.ForEachAsync(kinds, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel }, async (kind, stop) =>
        {
            try
            {
                foreach (var item in (await client.ListAllAsync(kind, new ListQuery { Namespace = ns }, stop)).Items)
                {
                    if (!IsClustersOwn(kind, item)) foreign.Add(LiveName.Of(kind, item));
                }
            }
            catch (KubeException unlistable) when (unlistable.Status.Code is 404 or 405)
            {
                // Reviews and bindings can be created only; there is nothing of them to list.
            }
        });
        return [.. foreign.OrderBy(name => name.ToString(), StringComparer.Ordinal)];
    }

    private static bool IsClustersOwn(KubeKind kind, KubeObject item) => kind.Kind switch
    {
        "Event" or "Endpoints" or "EndpointSlice" => true,
        "ConfigMap" => item.Name is "kube-root-ca.crt" or "openshift-service-ca.crt",
        "ServiceAccount" => item.Name == "default",
        "Secret" => (string?)item.Json["type"] == "kubernetes.io/service-account-token",
        _ => item.Metadata.OwnerReferences.Length > 0 || item.Metadata.IsBeingDeleted,
    };
}
