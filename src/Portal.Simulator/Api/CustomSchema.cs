using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Holds custom resources to their schema: unknown fields are pruned, defaults filled, types and required fields checked.</summary>
internal static class CustomSchema
{
    /// <exception cref="RefusalException">422 naming each field that does not fit.</exception>
    public static void Check(ResourceType type, string version, JsonObject body)
    {
        if (type.FindVersion(version)?.Schema is not { } schema) return;
        var problems = new List<FieldProblem>();
        var properties = schema["properties"] as JsonObject;
        if (!Preserves(schema))
            foreach (var field in body.Select(field => field.Key).Where(field => field != "metadata" && properties?[field] is null).ToArray()) body.Remove(field);
        foreach (var (field, value) in body.Where(field => field.Key != "metadata").ToArray())
            if (properties?[field] is JsonObject inner) Check(inner, value, field, problems);
        foreach (var required in Required(schema).Where(required => body[required] is null && required is not ("apiVersion" or "kind" or "metadata"))) problems.Add(Missing(required));
        if (problems.Count > 0) throw Refusal.Invalid(type, Document.Text(body["metadata"]?["name"]) ?? "", problems);
    }

    private static void Check(JsonObject schema, JsonNode? value, string path, List<FieldProblem> problems)
    {
        if (value is null) return;
        var expected = Document.Text(schema["type"]);
        var fits = (bool?)schema["x-kubernetes-int-or-string"] == true || expected switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value.GetValueKind() == System.Text.Json.JsonValueKind.String,
            "boolean" => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
            "integer" => value is JsonValue whole && whole.GetValueKind() == System.Text.Json.JsonValueKind.Number && whole.TryGetValue<long>(out _),
            "number" => value.GetValueKind() == System.Text.Json.JsonValueKind.Number,
            _ => true,
        };
        if (!fits)
        {
            problems.Add(new("FieldValueInvalid", path, $"Invalid value: \"{Word(value)}\": {path} in body must be of type {expected}: \"{Word(value)}\""));
            return;
        }
        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
            problems.Add(new("FieldValueNotSupported", path, $"Unsupported value: {value.ToJsonString()}: supported values: {string.Join(", ", allowed.Select(one => one!.ToJsonString()))}"));
        if (value is JsonArray list && schema["items"] is JsonObject items)
            for (var i = 0; i < list.Count; i++) Check(items, list[i], $"{path}[{i}]", problems);
        if (value is JsonObject map) CheckFields(schema, map, path, problems);
    }

    private static void CheckFields(JsonObject schema, JsonObject map, string path, List<FieldProblem> problems)
    {
        var properties = schema["properties"] as JsonObject;
        var rest = schema["additionalProperties"] as JsonObject;
        if (properties is not null && rest is null && !Preserves(schema))
            foreach (var field in map.Select(field => field.Key).Where(field => !properties.ContainsKey(field)).ToArray()) map.Remove(field);
        foreach (var (field, property) in properties ?? [])
            if (!map.ContainsKey(field) && property?["default"] is { } standard) map[field] = standard.DeepClone();
        foreach (var required in Required(schema).Where(required => map[required] is null)) problems.Add(Missing(path + "." + required));
        foreach (var (field, value) in map.ToArray())
            if ((properties?[field] ?? rest) is JsonObject inner) Check(inner, value, path + "." + field, problems);
    }

    private static bool Preserves(JsonObject schema) => (bool?)schema["x-kubernetes-preserve-unknown-fields"] == true;

    private static IEnumerable<string> Required(JsonObject schema) => schema["required"] is JsonArray required ? required.Select(field => (string)field!) : [];

    private static FieldProblem Missing(string path) => new("FieldValueRequired", path, "Required value");

    private static string Word(JsonNode value) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.Array => "array",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Number => "number",
        _ => "boolean",
    };
}
