using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>Patches of RFC 6902 (JSON patch) and RFC 7386 (merge patch).</summary>
internal static class JsonPatch
{
    /// <summary>Changes <paramref name="target"/> in place: null removes a key, objects are merged, anything else replaces.</summary>
    public static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                target.Remove(key);
            }
            else if (value is JsonObject nested)
            {
                if (target[key] is not JsonObject inner) target[key] = inner = [];
                Merge(inner, nested);
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }
    }

    /// <exception cref="RefusalException">422 when an operation does not fit the document, a "test" included.</exception>
    public static JsonObject Apply(JsonObject document, JsonArray operations)
    {
        JsonNode root = document;
        foreach (var operation in operations)
        {
            var (verb, path) = (Document.Text(operation?["op"]), Document.Text(operation?["path"]) ?? throw Refusal.BadRequest("a JSON patch operation has no path"));
            switch (verb)
            {
                case "add": Add(root, path, operation!["value"]); break;
                case "replace": Find(root, path); Remove(root, path); Add(root, path, operation!["value"]); break;
                case "remove": Remove(root, path); break;
                case "copy": Add(root, path, Find(root, Document.Text(operation!["from"])!)); break;
                case "move":
                    var moved = Find(root, Document.Text(operation!["from"])!)?.DeepClone();
                    Remove(root, Document.Text(operation["from"])!);
                    Add(root, path, moved);
                    break;
                case "test":
                    if (!JsonNode.DeepEquals(FindOrNull(root, path), operation!["value"])) throw Unfit($"testing path {path} failed");
                    break;
                default: throw Refusal.BadRequest($"Unexpected kind: {verb}");
            }
        }
        return (JsonObject)root;
    }

    private static void Add(JsonNode root, string path, JsonNode? value)
    {
        var (parent, key) = Parent(root, path);
        if (parent is JsonObject map)
        {
            map[key] = value?.DeepClone();
            return;
        }
        var list = parent.AsArray();
        list.Insert(key == "-" ? list.Count : Index(key, list.Count, path), value?.DeepClone());
    }

    private static void Remove(JsonNode root, string path)
    {
        var (parent, key) = Parent(root, path);
        if (parent is JsonArray list) list.RemoveAt(Index(key, list.Count - 1, path));
        else if (!parent.AsObject().Remove(key)) throw Unfit($"Unable to remove nonexistent key: {key}: missing value");
    }

    private static JsonNode? Find(JsonNode root, string path)
    {
        var (parent, key) = Parent(root, path);
        if (parent is JsonArray list) return list[Index(key, list.Count - 1, path)];
        return parent.AsObject().TryGetPropertyValue(key, out var value) ? value : throw Unfit($"replace operation does not apply: doc is missing key: {path}: missing value");
    }

    private static JsonNode? FindOrNull(JsonNode root, string path)
    {
        JsonNode? node = root;
        foreach (var key in Keys(path))
        {
            node = node switch
            {
                JsonObject map => map[key],
                JsonArray list when int.TryParse(key, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }
        return node;
    }

    private static (JsonNode Parent, string Key) Parent(JsonNode root, string path)
    {
        var keys = Keys(path);
        if (keys.Length == 0) throw Unfit("the root cannot be replaced");
        var node = root;
        foreach (var key in keys[..^1])
        {
            node = node switch
            {
                JsonObject map => map[key],
                JsonArray list => list[Index(key, list.Count - 1, path)],
                _ => null,
            } ?? throw Unfit($"doc is missing path: {path}: missing value");
        }
        return node is JsonObject or JsonArray ? (node, keys[^1]) : throw Unfit($"doc is missing path: {path}: missing value");
    }

    private static string[] Keys(string path) =>
        path.Length == 0 ? [] : [.. path[1..].Split('/').Select(key => key.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static int Index(string key, int last, string path) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last ? index : throw Unfit($"invalid index in {path}: {key}");

    private static RefusalException Unfit(string why) => new(422, "Invalid", "the server rejected our request due to an error in our request: " + why, []);
}
