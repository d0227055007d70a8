using System.Text.Json.Nodes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>Takes a field out of a document by the path that the API server names in an apply conflict:
/// <c>.spec.template.spec.containers[name="lvmd"].image</c>. Dots may be part of a key, so the path is read against the document.</summary>
internal static class FieldRemoval
{
    /// <summary>False when the document has no such field.</summary>
    public static bool Remove(JsonNode? node, string path) => path switch
    {
        ['.', .. var rest] when node is JsonObject json => RemoveKey(json, rest),
        ['[', .. var rest] when node is JsonArray list => RemoveItem(list, rest),
        _ => false,
    };

    private static bool RemoveKey(JsonObject json, string path)
    {
        if (json.Remove(path)) return true;
        // The longest key first: "app.kubernetes.io/name" before "app".
        foreach (var key in json.Select(pair => pair.Key).OrderByDescending(key => key.Length).ToArray())
        {
            if (path.Length > key.Length && path.StartsWith(key, StringComparison.Ordinal) && path[key.Length] is '.' or '[' && Remove(json[key], path[key.Length..])) return true;
        }
        return false;
    }

    private static bool RemoveItem(JsonArray list, string path)
    {
        var end = path.IndexOf(']', StringComparison.Ordinal);
        if (end < 0) return false;
        var index = IndexOf(list, path[..end]);
        if (index < 0) return false;
        if (end < path.Length - 1) return Remove(list[index], path[(end + 1)..]);
        list.RemoveAt(index);
        return true;
    }

    // "0" is a position, "=\"a\"" a member of a set, "name=\"a\",port=80" the keys of an item.
    private static int IndexOf(JsonArray list, string selector)
    {
        if (int.TryParse(selector, out var position)) return position < list.Count ? position : -1;
        var wanted = selector.Split(',').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).Select(part => (Key: part[0], Value: part[1].Trim('"'))).ToArray();
        for (var i = 0; i < list.Count; i++)
        {
            var item = list[i];
            if (wanted.Length > 0 && wanted.All(part => (part.Key.Length == 0 ? item : (item as JsonObject)?[part.Key])?.ToString() == part.Value)) return i;
        }
        return -1;
    }
}
