using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>Writes values as the YAML that stands in a file: block style over several lines, or flow style on one.</summary>
internal static partial class YamlSyntax
{
    /// <summary>"key: value", what follows the first line indented under it; without an indent for the first line itself.</summary>
    public static string Entry(string key, JsonNode value, int indent, string newLine)
    {
        var inner = new string(' ', indent + 2);
        return Scalar(JsonValue.Create(key)) + ":" + value switch
        {
            JsonArray { Count: > 0 } list => string.Concat(list.Select(item => newLine + inner + Item(item!, indent + 2, newLine))),
            JsonObject { Count: > 0 } map => newLine + inner + Block(map, indent + 2, newLine),
            _ => " " + Flow(value),
        };
    }

    /// <summary>"- value", what follows the first line indented under it.</summary>
    public static string Item(JsonNode value, int indent, string newLine) =>
        "- " + (value is JsonObject { Count: > 0 } map ? Block(map, indent + 2, newLine) : Flow(value));

    public static string Flow(JsonNode value) => value switch
    {
        JsonArray list => "[" + string.Join(", ", list.Select(item => Flow(item!))) + "]",
        JsonObject map => "{" + string.Join(", ", map.Select(pair => Scalar(JsonValue.Create(pair.Key)) + ": " + Flow(pair.Value!))) + "}",
        _ => Scalar(value),
    };

    /// <summary>A number or flag as it is; text bare where every reader of YAML takes it for that text, else in quotes.</summary>
    public static string Scalar(JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.String) return value.ToJsonString();
        var text = value.GetValue<string>();
        return Bare().IsMatch(text) && !YamlMeaning.IsWord(text) ? text : Quoted(text);
    }

    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is '"' or '\\') quoted.Append('\\').Append(character);
            else if (char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF')
                quoted.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            else quoted.Append(character);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>In single quotes where the text allows it.</summary>
    public static string SingleQuoted(string text) =>
        text.Any(character => char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF') ? Quoted(text) : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string Block(JsonObject map, int indent, string newLine) =>
        string.Join(newLine + new string(' ', indent), map.Select(pair => Entry(pair.Key, pair.Value!, indent, newLine)));

    [GeneratedRegex(@"\A(?:[A-Za-z_/]|--?[A-Za-z])[A-Za-z0-9_./+@=-]*\z")]
    private static partial Regex Bare();
}
