using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>What the server itself writes into an object at its creation and at each change.</summary>
internal static class ObjectRules
{
    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Now(TimeProvider time) => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static void Created(ResourceType type, JsonObject body, string? ns, TimeProvider time)
    {
        var metadata = body["metadata"]!.AsObject();
        if (string.IsNullOrEmpty(Document.Text(metadata["name"])) && Document.Text(metadata["generateName"]) is { Length: > 0 } prefix)
            metadata["name"] = prefix[..Math.Min(prefix.Length, 58)] + Random.Shared.GetString(NameAlphabet, 5);
        if (type.Namespaced) metadata["namespace"] = ns; else metadata.Remove("namespace");
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Now(time);
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
        if (CountsGenerations(type)) metadata["generation"] = 1L; else metadata.Remove("generation");
    }

    /// <summary>Restores what a client cannot change, and counts a new generation when the desired state changed.</summary>
    public static void Updated(ResourceType type, JsonObject current, JsonObject next)
    {
        var (before, metadata) = (current["metadata"]!.AsObject(), next["metadata"]!.AsObject());
        foreach (var field in new[] { "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "namespace", "name", "generateName", "generation", "selfLink" })
        {
            if (before[field] is { } kept) metadata[field] = kept.DeepClone();
            else metadata.Remove(field);
        }
        if (!CountsGenerations(type)) return;
        var bump = next.Concat(current).Select(field => field.Key).Distinct().Any(field => field is not ("metadata" or "status") && !JsonNode.DeepEquals(next[field], current[field]));
        if (bump) metadata["generation"] = ((long?)before["generation"] ?? 0) + 1;
    }

    public static bool CountsGenerations(ResourceType type) => type.IsCustom || type.GroupResource is "deployments.apps" or "daemonsets.apps" or "replicasets.apps"
        or "statefulsets.apps" or "poddisruptionbudgets.policy" or "networkpolicies.networking.k8s.io" or "ingresses.networking.k8s.io" or "ingressclasses.networking.k8s.io"
        or "mutatingwebhookconfigurations.admissionregistration.k8s.io" or "validatingwebhookconfigurations.admissionregistration.k8s.io"
        or "customresourcedefinitions.apiextensions.k8s.io" or "priorityclasses.scheduling.k8s.io" or "endpointslices.discovery.k8s.io";
}
