using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>What an install looks at in an object's document.</summary>
internal static class KubeObjectExtensions
{
    /// <summary>Items of a list come without kind and apiVersion; this puts them back.</summary>
    public static KubeObject WithKind(this KubeObject item, KubeKind kind)
    {
        item.Json["apiVersion"] = kind.ApiVersion;
        item.Json["kind"] = kind.Kind;
        return item;
    }

    /// <summary>True when the portal itself wrote more of the object than its metadata: the object is the portal's, not adopted.</summary>
    public static bool IsAppliedByPortal(this KubeObject live) =>
        live.Json["metadata"]?["managedFields"] is JsonArray managers && managers.Any(entry =>
            (string?)entry?["manager"] == KubeClient.FieldManager && (string?)entry["operation"] == "Apply"
            && entry["fieldsV1"] is JsonObject fields && fields.Any(field => field.Key != "f:metadata"));

    public static bool IsHelmManaged(this KubeObject live) => live.Metadata.Labels.GetValueOrDefault("app.kubernetes.io/managed-by") == "Helm";

    /// <summary>The child object under that name, made when it is not there.</summary>
    public static JsonObject Child(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child) return child;
        var made = new JsonObject();
        parent[name] = made;
        return made;
    }
}
