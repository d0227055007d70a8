using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Life;

/// <summary>Reads documents of the API whose every field may be absent.</summary>
internal static class JsonReading
{
    /// <summary>What stands at the end of a path of property names; null where any of them is absent.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path) node = (node as JsonObject)?[name];
        return node;
    }

    /// <summary>A text, or a number as the text it is written as; "" where it is absent.</summary>
    public static string Text(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value => value.ToJsonString(),
        _ => "",
    };

    /// <summary>A whole number; the given one where it is absent or is none.</summary>
    public static int Number(this JsonNode? node, int absent, params ReadOnlySpan<string> path) =>
        int.TryParse(node.Text(path), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : absent;

    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>The objects of a list; none where it is absent.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The texts of a list; none where it is absent.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray list ? list.Select(item => item.Text()) : [];

    /// <summary>The entries of a map of texts; none where it is absent.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Entries(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonObject map ? map.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Text())) : [];

    /// <summary>A moment, in the form the API writes it.</summary>
    public static string Timestamp(this DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>True when every field of this value stands equally in the other, which may have more (what a server fills in);
    /// lists must agree in length.</summary>
    public static bool IsContainedIn(this JsonNode? part, JsonNode? whole) => (part, whole) switch
    {
        (null, null) => true,
        (JsonObject some, JsonObject all) => some.All(field => field.Value.IsContainedIn(all[field.Key])),
        (JsonArray some, JsonArray all) => some.Count == all.Count && some.Zip(all).All(pair => pair.First.IsContainedIn(pair.Second)),
        _ => JsonNode.DeepEquals(part, whole),
    };
}
