using System.Collections.Concurrent;
using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Install;

/// <summary>Reads <see cref="ClusterFacts"/> from a cluster.</summary>
public static class FactGathering
{
    // Bounded, so that one page does not fill the API server's queues.
    private const int AtOnce = 8;

    private static readonly string[] WorkloadKinds = ["Deployment", "DaemonSet"];

    public static async Task<ClusterFacts> GatherAsync(KubeClient client, InstallSpec spec, TimeProvider time, CancellationToken cancel)
    {
        var api = await client.DiscoverAsync(cancel);
        var facts = new ClusterFacts
        {
            Api = api,
            Nodes = (await client.ListAllAsync(Node.Kind, ListQuery.All, cancel)).Items,
            StorageClasses = (await client.ListAllAsync(StorageClass.Kind, ListQuery.All, cancel)).Items,
            Workloads = await WorkloadsAsync(client, api, cancel),
            Definitions = await DefinitionsAsync(client, api, cancel),
            LogicalVolumes = await LogicalVolumesAsync(client, api, cancel),
        };
        var plan = InstallPlan.For(spec, facts);
        var live = await FindAsync(client, plan.Objects.Select(planned => (planned.Kind, planned.Document)), cancel);
        facts = facts with { Live = live };
        if (plan.CertificateSecret is not { } secretName || api.Find("v1", "Secret") is not { } secretKind) return facts;
        var secret = await client.FindAsync(secretKind, secretName, cancel);
        return facts with { Certificate = WebhookCertificate.FromSecret(secret, plan.TrustedCaBundle(facts), spec.Namespace, time) };
    }

    /// <summary>Those of the objects that exist, as they are.</summary>
    internal static async Task<ImmutableDictionary<LiveName, KubeObject>> FindAsync(
        KubeClient client, IEnumerable<(KubeKind<KubeObject> Kind, KubeObject Document)> objects, CancellationToken cancel)
    {
        var found = new ConcurrentDictionary<LiveName, KubeObject>();
        await Parallel.ForEachAsync(objects, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (wanted, stop) =>
        {
            if (await client.FindAsync(wanted.Kind, new(wanted.Document.Namespace, wanted.Document.Name), stop) is { } live)
                found[LiveName.Of(wanted.Kind, wanted.Document)] = live;
        });
        return found.ToImmutableDictionary();
    }

    // SuperEdge's manifests and the chart give every object this label.
    private static async Task<ImmutableArray<KubeObject>> WorkloadsAsync(KubeClient client, ApiResources api, CancellationToken cancel)
    {
        var query = new ListQuery { LabelSelector = "app.kubernetes.io/name=topolvm" };
        var found = ImmutableArray<KubeObject>.Empty;
        foreach (var served in WorkloadKinds.Select(kind => api.Find("apps/v1", kind)).OfType<KubeKind<KubeObject>>())
            found = found.AddRange((await client.ListAllAsync(served, query, cancel)).Items.Select(workload => workload.WithKind(served)));
        return found;
    }

    private static async Task<ImmutableArray<KubeObject>> DefinitionsAsync(KubeClient client, ApiResources api, CancellationToken cancel)
    {
        if (api.Find("apiextensions.k8s.io/v1", "CustomResourceDefinition") is not { } kind) return [];
        var found = ImmutableArray.CreateBuilder<KubeObject>();
        foreach (var names in TopoLvmNames.All)
        {
            if (await client.FindAsync(kind, new(null, names.CrdName), cancel) is { } definition) found.Add(definition);
        }
        return found.ToImmutable();
    }

    private static async Task<ImmutableDictionary<string, int>> LogicalVolumesAsync(KubeClient client, ApiResources api, CancellationToken cancel)
    {
        var counts = ImmutableDictionary.CreateBuilder<string, int>();
        foreach (var names in TopoLvmNames.All.Where(names => api.Serves(names.Group + "/v1", "LogicalVolume")))
            counts[names.Group] = (await client.ListAllAsync(LogicalVolume.KindIn(names.Group), ListQuery.All, cancel)).Items.Length;
        return counts.ToImmutable();
    }
}
