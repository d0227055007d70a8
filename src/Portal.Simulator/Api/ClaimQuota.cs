using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>ResourceQuotas as far as they count claims: checked before a claim is made or grows, and kept current in their status.</summary>
internal sealed class ClaimQuota(ObjectStore store, ResourceCatalog catalog)
{
    private const string ByClass = ".storageclass.storage.k8s.io/";

    /// <summary>Throws a refusal when a quota would be exceeded.</summary>
    /// <param name="before">The claim as it is; null when it is new.</param>
    public void Check(ResourceType claims, string ns, JsonObject? before, JsonObject next)
    {
        foreach (var quota in store.AllIn(catalog["resourcequotas"], ns).Select(found => found.Read()))
        {
            var exceeded = Hard(quota).Where(limit => CountedIn(limit.Name, next)).Select(limit =>
            {
                var used = UsedIn(ns, limit.Name);
                var asked = Amount(limit.Name, next) - (before is null ? Quantity.Zero : Amount(limit.Name, before));
                return (limit.Name, limit.Value, Used: used, Asked: asked);
            }).Where(one => one.Asked.Sign > 0 && one.Used + one.Asked > one.Value).OrderBy(one => one.Name, StringComparer.Ordinal).ToArray();
            if (exceeded.Length == 0) continue;
            throw Refusal.Forbidden(claims, Document.Text(next["metadata"]?["name"]) ?? "", $"exceeded quota: {Document.Text(quota["metadata"]!["name"])}, "
                + $"requested: {List(exceeded.Select(one => (one.Name, one.Asked)))}, used: {List(exceeded.Select(one => (one.Name, one.Used)))}, "
                + $"limited: {List(exceeded.Select(one => (one.Name, one.Value)))}");
        }
    }

    /// <summary>Writes what is used into the status of the quotas of a namespace whose claims or quotas have changed.</summary>
    public void Follow(StoreChange change, Deletion deletion)
    {
        if (change.Resource.GroupResource is not ("persistentvolumeclaims" or "resourcequotas") || change.Object.Name.Namespace is not { } ns) return;
        foreach (var quota in store.AllIn(catalog["resourcequotas"], ns))
        {
            deletion.Edit(catalog["resourcequotas"], quota.Name, body =>
            {
                var used = new JsonObject();
                foreach (var (name, _) in Hard(body)) used[name] = UsedIn(ns, name).ToString();
                var status = new JsonObject { ["hard"] = body["spec"]?["hard"]?.DeepClone(), ["used"] = used };
                if (JsonNode.DeepEquals(status, body["status"])) return false;
                body["status"] = status;
                return true;
            });
        }
    }

    private static IEnumerable<(string Name, Quantity Value)> Hard(JsonObject quota) => (quota["spec"]?["hard"] as JsonObject ?? [])
        .Where(limit => limit.Key is "requests.storage" or "persistentvolumeclaims" || limit.Key.Contains(ByClass, StringComparison.Ordinal))
        .Select(limit => (limit.Key, Quantity.TryParse(limit.Value is JsonValue value ? value.ToString() : "", out var read) ? read : Quantity.Zero));

    private static bool CountedIn(string limit, JsonObject claim) =>
        limit.IndexOf(ByClass, StringComparison.Ordinal) is var at && (at < 0 || limit[..at] == Document.Text(claim["spec"]?["storageClassName"]));

    private static Quantity Amount(string limit, JsonObject claim) =>
        limit.EndsWith("persistentvolumeclaims", StringComparison.Ordinal) ? Quantity.Of(1, QuantityFormat.DecimalSI) : ClaimAdmission.SizeOf(claim);

    private Quantity UsedIn(string ns, string limit) => store.AllIn(catalog["persistentvolumeclaims"], ns).Select(found => found.Read())
        .Where(claim => CountedIn(limit, claim)).Aggregate(Quantity.Zero, (sum, claim) => sum + Amount(limit, claim));

    private static string List(IEnumerable<(string Name, Quantity Value)> amounts) => string.Join(',', amounts.Select(one => $"{one.Name}={one.Value}"));
}
