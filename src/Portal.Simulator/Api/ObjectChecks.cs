using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Simulator.Api;

/// <summary>The checks of built-in kinds whose refusal a client has to deal with.</summary>
internal static partial class ObjectChecks
{
    private const string SubdomainRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    public static void Create(ResourceType type, JsonObject body)
    {
        var name = Document.Text(body["metadata"]!["name"]) ?? "";
        if (name.Length == 0) throw Refusal.Invalid(type, "", [new("FieldValueRequired", "metadata.name", "Required value: name or generateName is required")]);
        // Names of RBAC objects are path segments: "system:node" is one.
        if (type.Group == "rbac.authorization.k8s.io") return;
        if (name.Length > 253 || !Subdomain().IsMatch(name))
            throw Refusal.Invalid(type, name, [new("FieldValueInvalid", "metadata.name", $"Invalid value: \"{name}\": {SubdomainRule}")]);
        if (type.GroupResource == CustomResources.Definitions) Definition(type, name, body["spec"]);
    }

    public static void Update(ResourceType type, JsonObject before, JsonObject next)
    {
        foreach (var field in Immutable(type.GroupResource))
        {
            var (old, now) = (At(before, field), At(next, field));
            if (JsonNode.DeepEquals(old, now)) continue;
            var name = (string)before["metadata"]!["name"]!;
            var (subject, value) = Forbidden(type.GroupResource, field) ? ("Forbidden: ", "updates to " + field + " are forbidden.") : ("Invalid value: " + (now?.ToJsonString() ?? "null") + ": ", "field is immutable");
            throw Refusal.Invalid(type, name, [new(subject[0] == 'F' ? "FieldValueForbidden" : "FieldValueInvalid", field, subject + value)]);
        }
    }

    private static string[] Immutable(string groupResource) => groupResource switch
    {
        "storageclasses.storage.k8s.io" => ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
        "csidrivers.storage.k8s.io" => ["spec.attachRequired", "spec.volumeLifecycleModes"],
        "deployments.apps" or "daemonsets.apps" or "replicasets.apps" => ["spec.selector"],
        "rolebindings.rbac.authorization.k8s.io" or "clusterrolebindings.rbac.authorization.k8s.io" => ["roleRef"],
        "secrets" => ["type"],
        "persistentvolumeclaims" => ["spec.storageClassName", "spec.accessModes", "spec.volumeMode"],
        _ => [],
    };

    private static bool Forbidden(string groupResource, string field) => groupResource == "storageclasses.storage.k8s.io" && field is "parameters" or "provisioner";

    private static JsonNode? At(JsonObject body, string field)
    {
        JsonNode? node = body;
        foreach (var part in field.Split('.')) node = (node as JsonObject)?[part];
        return node;
    }

    private static void Definition(ResourceType type, string name, JsonNode? spec)
    {
        var expected = Document.Text(spec?["names"]?["plural"]) + "." + Document.Text(spec?["group"]);
        if (name != expected)
            throw Refusal.Invalid(type, name, [new("FieldValueInvalid", "metadata.name", $"Invalid value: \"{name}\": must be spec.names.plural+\".\"+spec.group")]);
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();
}
