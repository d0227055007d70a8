using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Portal.Core.TopoLvm.Lvmd;

// An edit replaces the characters of one value, adds lines or takes lines away; everything else in the file, comments and
// unknown keys and odd indentation, stays as it is. YAML can be written in ways that no small edit fits (aliases, explicit
// keys): each edit is therefore read again, and counts only when it changed exactly what was meant.

/// <summary>Minimal edits to a YAML text. A place is written "device-classes/0/spare-gb".</summary>
internal static class YamlEdit
{
    /// <summary>The text with a value set at a place, made where it is absent; null when this text cannot be edited there.</summary>
    public static string? Set(string text, string path, JsonNode value) =>
        Checked(text, edit => edit.Set(path.Split('/'), value), root => YamlExpectation.Set(root, path.Split('/'), YamlMeaning.Of(value)));

    /// <summary>The text without the entry or item at a place; null when this text cannot be edited there.</summary>
    public static string? Remove(string text, string path) =>
        Checked(text, edit => edit.Remove(path.Split('/')), root => YamlExpectation.Remove(root, path.Split('/')));

    /// <summary>The text with one more item at the end of the list at a place, made where it is absent; null when this text cannot be edited there.</summary>
    public static string? Append(string text, string path, JsonNode item) =>
        Checked(text, edit => edit.Append(path.Split('/'), item), root => YamlExpectation.Append(root, path.Split('/'), YamlMeaning.Of(item)));

    private static string? Checked(string text, Func<YamlTextEdit, string?> edit, Func<JsonNode?, JsonNode?> expectation)
    {
        if (YamlTree.Read(text) is var root && edit(new(text, root)) is not { } edited) return null;
        try
        {
            return JsonNode.DeepEquals(YamlMeaning.Of(YamlTree.Read(edited)), Document(expectation(YamlMeaning.Of(root)))) ? edited : null;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    // A text from which the last key was taken holds no document any more.
    private static JsonNode? Document(JsonNode? root) => root is JsonObject { Count: 0 } ? null : root;
}

/// <summary>What an edit is to come to, said on the meaning of the text.</summary>
internal static class YamlExpectation
{
    public static JsonNode Set(JsonNode? root, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (root is JsonArray list)
        {
            var index = int.Parse(path[0], System.Globalization.CultureInfo.InvariantCulture);
            list[index] = path.Length == 1 ? value : Set(Taken(list, index), path[1..], value);
            return list;
        }
        var map = root as JsonObject ?? [];
        var key = KeyIn(map, path[0]);
        map[key] = path.Length == 1 ? value : Set(map[key]?.DeepClone(), path[1..], value);
        return map;
    }

    public static JsonNode? Remove(JsonNode? root, ReadOnlySpan<string> path)
    {
        if (root is JsonArray list)
        {
            var index = int.Parse(path[0], System.Globalization.CultureInfo.InvariantCulture);
            if (path.Length == 1) list.RemoveAt(index);
            else list[index] = Remove(Taken(list, index), path[1..]);
            return list;
        }
        if (root is not JsonObject map || KeyIn(map, path[0]) is not { } key || !map.ContainsKey(key)) return root;
        if (path.Length == 1) map.Remove(key);
        else map[key] = Remove(map[key]?.DeepClone(), path[1..]);
        return map;
    }

    public static JsonNode Append(JsonNode? root, ReadOnlySpan<string> path, JsonNode? item)
    {
        var at = root;
        foreach (var step in path) at = at is JsonObject map ? map[KeyIn(map, step)] : null;
        var list = at?.DeepClone() as JsonArray ?? [];
        list.Add(item);
        return Set(root, path, list);
    }

    private static string KeyIn(JsonObject map, string key) =>
        map.ContainsKey(key) ? key : map.Select(pair => pair.Key).LastOrDefault(name => string.Equals(name, key, StringComparison.OrdinalIgnoreCase)) ?? key;

    private static JsonNode? Taken(JsonArray list, int index) => list[index]?.DeepClone();
}
