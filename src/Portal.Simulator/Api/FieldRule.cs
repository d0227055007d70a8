using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>How a place in an object merges: field by field, item by item, or as a whole. Built-in kinds go by the well-known names of their
/// lists, custom resources by their schema.</summary>
internal sealed record FieldRule(ResourceType Type, string Path, JsonObject? Schema)
{
    private static readonly Dictionary<string, string[]> ListKeys = new()
    {
        ["containers"] = ["name"],
        ["initContainers"] = ["name"],
        ["ephemeralContainers"] = ["name"],
        ["env"] = ["name"],
        ["volumes"] = ["name"],
        ["volumeMounts"] = ["mountPath"],
        ["volumeDevices"] = ["devicePath"],
        ["volumeClaimTemplates"] = [],
        ["conditions"] = ["type"],
        ["ownerReferences"] = ["uid"],
        ["webhooks"] = ["name"],
        ["imagePullSecrets"] = ["name"],
        ["secrets"] = ["name"],
        ["hostAliases"] = ["ip"],
        ["taints"] = ["key"],
        ["addresses"] = ["type"],
        ["topologySpreadConstraints"] = ["topologyKey", "whenUnsatisfiable"],
    };

    public static FieldRule Of(ResourceType type, string version) => new(type, "", type.FindVersion(version)?.Schema);

    /// <summary>Items are known by their value.</summary>
    public bool IsSet => Last == "finalizers" || Last == "podCIDRs" || SchemaText("x-kubernetes-list-type") == "set";

    /// <summary>The fields an item of a list is known by; null when the list is replaced as a whole.</summary>
    public string[]? Keys
    {
        get
        {
            if (Type.IsCustom && !Path.StartsWith(".metadata", StringComparison.Ordinal))
                return SchemaText("x-kubernetes-list-type") == "map" ? [.. Schema!["x-kubernetes-list-map-keys"]!.AsArray().Select(key => (string)key!)] : null;
            if (Last == "ports")
            {
                if (Path.EndsWith("ontainers.ports", StringComparison.Ordinal)) return ["containerPort", "protocol"];
                return Type.GroupResource == "services" && Path == ".spec.ports" ? ["port", "protocol"] : null;
            }
            if (Last == "addresses" && Type.GroupResource != "nodes") return null;
            return ListKeys.TryGetValue(Last, out var keys) && keys.Length > 0 ? keys : null;
        }
    }

    public bool IsAtomicMap => SchemaText("x-kubernetes-map-type") == "atomic";

    private string Last => Path[(Path.LastIndexOf('.') + 1)..];

    public FieldRule Field(string name) => this with
    {
        Path = Path + "." + name,
        Schema = (Schema?["properties"]?[name] ?? Schema?["additionalProperties"]) as JsonObject,
    };

    public FieldRule Item => this with { Schema = Schema?["items"] as JsonObject };

    /// <summary>Whether a list merges item by item; a list of plain values under the name of a keyed one (a policy's volumes) does not.</summary>
    public bool Itemizes(JsonArray list) => IsSet || (Keys is not null && list.All(item => item is JsonObject));

    /// <summary>The step that names an item of this list.</summary>
    public string StepOf(JsonNode? item)
    {
        if (IsSet) return "v:" + (item?.ToJsonString() ?? "null");
        var keys = new JsonObject();
        foreach (var key in Keys!.Order(StringComparer.Ordinal))
            keys[key] = item?[key]?.DeepClone() ?? (key == "protocol" ? JsonValue.Create("TCP") : null);
        return "k:" + keys.ToJsonString();
    }

    private string? SchemaText(string name) => Document.Text(Schema?[name]);
}
