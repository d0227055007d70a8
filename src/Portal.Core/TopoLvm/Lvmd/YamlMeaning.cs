using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Core.TopoLvm.Lvmd;

// What a text says, apart from how it is written: two texts with the same meaning differ in comments, order of lines, quotes
// and indentation only. Text becomes "=text"; what YAML takes for a number or a flag is kept bare, so that 5 and "5" differ.

/// <summary>The meaning of YAML as a JSON document that can be compared.</summary>
internal static partial class YamlMeaning
{
    public static JsonNode? Of(YamlPart? part) => part switch
    {
        null => null,
        YamlMap map => OfMap(map),
        YamlList list => new JsonArray([.. list.Items.Select(Of)]),
        YamlScalar { IsNull: true } => null,
        YamlScalar { IsPlain: true } scalar when IsWord(scalar.Value) => scalar.Value,
        YamlScalar scalar => "=" + scalar.Value,
        _ => null,
    };

    /// <summary>The meaning of a value before it is written.</summary>
    public static JsonNode? Of(JsonNode? value) => value switch
    {
        null => null,
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Of(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Of)]),
        _ => value.GetValueKind() == JsonValueKind.String ? "=" + value.GetValue<string>() : value.ToJsonString(),
    };

    /// <summary>A bare word that YAML 1.1 or 1.2 takes for something other than text.</summary>
    public static bool IsWord(string text) =>
        text.Length == 0 || text.ToLowerInvariant() is "null" or "~" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n" || LikeNumber().IsMatch(text);

    private static JsonObject OfMap(YamlMap map)
    {
        var json = new JsonObject();
        foreach (var entry in map.Entries.Where(entry => entry.Name != "<<")) json[entry.Name] = Of(entry.Value);
        return json;
    }

    [GeneratedRegex(@"\A[-+]?\.?[0-9]|\A[-+]?\.(?:inf|nan)\z", RegexOptions.IgnoreCase)]
    private static partial Regex LikeNumber();
}
