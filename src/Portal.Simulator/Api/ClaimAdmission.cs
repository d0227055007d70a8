using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>What kube-apiserver's own admission does with claims: the default class, whether one may grow, quotas.</summary>
internal sealed class ClaimAdmission(ObjectStore store, ResourceCatalog catalog, int minor)
{
    // From 1.26 on the newest of several defaults is taken; before, several were an error.
    private const int NewestDefaultWins = 26;

    private static readonly string[] DefaultMarks = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

    private readonly ClaimQuota _quota = new(store, catalog);

    /// <summary>Puts the default class into a claim that names none.</summary>
    public void Complete(ResourceType type, JsonObject claim)
    {
        if (type.GroupResource != "persistentvolumeclaims" || claim["spec"] is not JsonObject spec || spec.ContainsKey("storageClassName")) return;
        if ((claim["metadata"]?["annotations"] as JsonObject)?.ContainsKey("volume.beta.kubernetes.io/storage-class") == true) return;
        var defaults = store.All(catalog["storageclasses.storage.k8s.io"]).Select(one => one.Read()).Where(IsDefault)
            .OrderByDescending(one => Document.Text(one["metadata"]!["creationTimestamp"]), StringComparer.Ordinal)
            .ThenBy(one => Document.Text(one["metadata"]!["name"]), StringComparer.Ordinal).ToArray();
        if (defaults.Length == 0) return;
        if (defaults.Length > 1 && minor < NewestDefaultWins)
            throw Refusal.Forbidden(type, NameOf(claim), $"Internal error occurred: {defaults.Length} default StorageClasses were found");
        spec["storageClassName"] = defaults[0]["metadata"]!["name"]!.DeepClone();
    }

    /// <summary>Checks a new claim against the quotas of its namespace.</summary>
    public void Create(ResourceType type, string? ns, JsonObject claim)
    {
        if (type.GroupResource == "persistentvolumeclaims" && ns is not null) _quota.Check(type, ns, null, claim);
    }

    /// <summary>Checks a changed claim: it may grow, where its class allows that, and never shrink.</summary>
    public void Update(ResourceType type, JsonObject before, JsonObject next)
    {
        if (type.GroupResource != "persistentvolumeclaims") return;
        var (old, now) = (SizeOf(before), SizeOf(next));
        if (now == old) return;
        if (now < old)
            throw Refusal.Invalid(type, NameOf(before), [new("FieldValueForbidden", "spec.resources.requests.storage", "Forbidden: field can not be less than previous value")]);
        if (Document.Text(before["status"]?["phase"]) != "Bound") throw Refusal.Forbidden(type, NameOf(before), "Only bound persistent volume claims can be expanded");
        var className = Document.Text(next["spec"]?["storageClassName"]) ?? "";
        if (store.Find(catalog["storageclasses.storage.k8s.io"], new ObjectName(null, className)) is not { } found || (bool?)found.Read()["allowVolumeExpansion"] != true)
            throw Refusal.Forbidden(type, NameOf(before), "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
        _quota.Check(type, Document.Text(before["metadata"]!["namespace"])!, before, next);
    }

    public static Quantity SizeOf(JsonObject claim) =>
        Quantity.TryParse(Document.Text(claim["spec"]?["resources"]?["requests"]?["storage"]), out var size) ? size : Quantity.Zero;

    private static bool IsDefault(JsonObject storageClass) =>
        DefaultMarks.Any(mark => Document.Text(storageClass["metadata"]?["annotations"]?[mark]) == "true");

    private static string NameOf(JsonObject claim) => Document.Text(claim["metadata"]?["name"]) ?? "";
}
