using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Nodes;

/// <summary>The patches that put the storage label on a node and take it off. Each holds only for the label as it was seen, so that what somebody
/// else does to it meanwhile is not lost.</summary>
internal static class LabelPatch
{
    /// <summary>Null when the node carries it.</summary>
    public static Patch? Setting(Node node, NodeLabel label)
    {
        if (label.IsOn(node.Metadata)) return null;
        if (node.Metadata.Labels.TryGetValue(label.Key, out var other)) return Of(Test(PathOf(label), other), Change("replace", PathOf(label), label.Value));
        // That a label is absent cannot be tested for by itself.
        var unchanged = Test("/metadata/resourceVersion", node.Metadata.ResourceVersion);
        return node.Metadata.Labels.IsEmpty
            ? Of(unchanged, Change("add", "/metadata/labels", new JsonObject { [label.Key] = label.Value }))
            : Of(unchanged, Change("add", PathOf(label), label.Value));
    }

    /// <summary>Null when the node does not carry it.</summary>
    public static Patch? Removing(Node node, NodeLabel label) =>
        label.IsOn(node.Metadata) ? Of(Test(PathOf(label), label.Value), new JsonObject { ["op"] = "remove", ["path"] = PathOf(label) }) : null;

    private static string PathOf(NodeLabel label) =>
        "/metadata/labels/" + label.Key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static JsonObject Test(string path, string value) => Change("test", path, value);

    private static JsonObject Change(string operation, string path, JsonNode value) => new() { ["op"] = operation, ["path"] = path, ["value"] = value };

    private static Patch Of(params JsonNode[] operations) => Patch.Json(new JsonArray(operations).ToJsonString());
}
