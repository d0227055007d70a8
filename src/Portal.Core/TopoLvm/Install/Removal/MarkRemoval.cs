using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm.Lvmd.Groups;

namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>The patches that take TopoLVM's marks off objects that are not its own. Each is conditional: it fails when the object has changed
/// in between, and is then made again from what stands.</summary>
internal static class MarkRemoval
{
    /// <summary>Capacity annotations, the finalizer and the label of a group of nodes, and the label that enables the node where one is given; null when the node carries none.</summary>
    public static Patch? OfNode(Node node, TopoLvmNames names, NodeLabel? label)
    {
        var operations = new JsonArray();
        RemoveFinalizers(operations, node.Metadata, [names.NodeFinalizer]);
        foreach (var (key, value) in node.Metadata.Annotations.Where(mark => mark.Key.StartsWith(names.CapacityAnnotationPrefix, StringComparison.Ordinal)))
            RemoveKey(operations, "annotations", key, value);
        if (node.Metadata.Labels.TryGetValue(GroupDaemonSet.NodeLabel, out var group)) RemoveKey(operations, "labels", GroupDaemonSet.NodeLabel, group);
        if (label?.IsOn(node.Metadata) == true) RemoveKey(operations, "labels", label.Key, label.Value);
        return Of(operations);
    }

    /// <summary>The finalizers that nobody serves any more; null when the object carries none of them.</summary>
    public static Patch? OfFinalizers(ObjectMeta metadata, params string[] finalizers)
    {
        var operations = new JsonArray();
        RemoveFinalizers(operations, metadata, finalizers);
        return Of(operations);
    }

    /// <summary>The label that keeps the webhooks away; null when the namespace does not carry it.</summary>
    public static Patch? OfNamespace(Namespace ns, TopoLvmNames names)
    {
        var operations = new JsonArray();
        if (ns.Metadata.Labels.TryGetValue(names.WebhookLabel, out var value)) RemoveKey(operations, "labels", names.WebhookLabel, value);
        return Of(operations);
    }

    private static void RemoveFinalizers(JsonArray operations, ObjectMeta metadata, string[] finalizers)
    {
        // From the end, so that an index stays right after the removals before it.
        for (var i = metadata.Finalizers.Length - 1; i >= 0; i--)
        {
            if (finalizers.Contains(metadata.Finalizers[i])) Remove(operations, "/metadata/finalizers/" + i, metadata.Finalizers[i]);
        }
    }

    private static void RemoveKey(JsonArray operations, string map, string key, string value) =>
        Remove(operations, $"/metadata/{map}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", value);

    private static void Remove(JsonArray operations, string path, string value)
    {
        operations.Add((JsonNode)new JsonObject { ["op"] = "test", ["path"] = path, ["value"] = value });
        operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = path });
    }

    private static Patch? Of(JsonArray operations) => operations.Count == 0 ? null : Patch.Json(operations.ToJsonString());
}
