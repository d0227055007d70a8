using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Lvmd.Groups;

// Two lvmds on one node would take each other's socket away. So a group's DaemonSet asks for the group's label on the node, and the
// base's for its absence: whatever the value, no node is ever selected by both.

/// <summary>The documents that make a group beside the DaemonSet it is split from.</summary>
internal static class GroupDaemonSet
{
    /// <summary>On a node: the name of its group.</summary>
    public const string NodeLabel = "topolvm-portal/lvmd-group";

    /// <summary>Its value while a node is on the way: no group selects it.</summary>
    public const string OnTheWay = "on-the-way";

    /// <summary>A copy of the base's DaemonSet that reads another ConfigMap on the group's nodes.</summary>
    public static KubeObject CopyOf(KubeObject standing, string name, string baseConfigMap)
    {
        var spec = standing.Json["spec"]!.DeepClone().AsObject();
        var template = spec["template"]!.AsObject();
        var pod = template["spec"]!.AsObject();
        var selector = Child(Child(spec, "selector"), "matchLabels");
        var podLabels = Child(Child(template, "metadata"), "labels");
        // Every profile tells its groups apart by idx; where there is none, the group's own label does.
        var told = selector.ContainsKey("idx") ? "idx" : NodeLabel;
        (selector[told], podLabels[told]) = (name, name);
        (template["metadata"]!["annotations"] as JsonObject)?.Remove(Change.RolloutTemplate.RolloutAnnotation);
        (template["metadata"] as JsonObject)?.Remove("creationTimestamp");
        Child(pod, "nodeSelector")[NodeLabel] = name;
        foreach (var term in TermsOf(pod)) RemoveExclusion(term);
        DropEmptyTerms(pod);
        foreach (var volume in (pod["volumes"] as JsonArray ?? []).OfType<JsonObject>())
            if ((string?)volume["configMap"]?["name"] == baseConfigMap) volume["configMap"]!["name"] = name;
        spec["updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate" };
        var labels = standing.Json["metadata"]!["labels"]?.DeepClone() as JsonObject ?? [];
        (labels["app.kubernetes.io/name"], labels[NodeLabel]) = ("topolvm", name);
        if (labels.ContainsKey("idx")) labels["idx"] = name;
        return new(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "DaemonSet",
            ["metadata"] = new JsonObject { ["namespace"] = standing.Namespace, ["name"] = name, ["labels"] = labels },
            ["spec"] = spec,
        });
    }

    /// <summary>The base's affinity with the group's nodes excluded; null when it excludes them already.</summary>
    public static JsonObject? ExcludingAffinity(KubeObject standing)
    {
        var pod = standing.Json["spec"]!["template"]!["spec"]!.DeepClone().AsObject();
        var terms = TermsOf(pod).ToArray();
        if (terms.Length > 0 && terms.All(term => Requirements(term)?.Any(IsExclusion) == true)) return null;
        if (terms.Length == 0)
        {
            var added = new JsonObject { ["matchExpressions"] = new JsonArray() };
            Child(Child(Child(pod, "affinity"), "nodeAffinity"), "requiredDuringSchedulingIgnoredDuringExecution")["nodeSelectorTerms"] = new JsonArray((JsonNode)added);
            terms = [added];
        }
        // Terms are alternatives: each must exclude.
        foreach (var term in terms.Where(term => Requirements(term)?.Any(IsExclusion) != true))
        {
            if (term["matchExpressions"] is not JsonArray list) term["matchExpressions"] = list = [];
            list.Add((JsonNode)new JsonObject { ["key"] = NodeLabel, ["operator"] = "DoesNotExist" });
        }
        return pod["affinity"]!.DeepClone().AsObject();
    }

    public static KubeObject ConfigMap(LvmdGroup source, string name) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["namespace"] = source.Namespace,
            ["name"] = name,
            ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "topolvm", [NodeLabel] = name },
        },
        ["data"] = new JsonObject { [source.Key] = source.Yaml },
    });

    private static void RemoveExclusion(JsonObject term)
    {
        if (Requirements(term) is not { } list) return;
        foreach (var exclusion in list.Where(IsExclusion).ToArray()) list.Remove(exclusion);
    }

    private static bool IsExclusion(JsonNode? requirement) => (string?)requirement?["key"] == NodeLabel && (string?)requirement?["operator"] == "DoesNotExist";

    private static IEnumerable<JsonObject> TermsOf(JsonObject pod) =>
        (pod["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"] as JsonArray ?? []).OfType<JsonObject>();

    private static JsonArray? Requirements(JsonObject term) => term["matchExpressions"] as JsonArray;

    // A term that asks for nothing matches no node.
    private static void DropEmptyTerms(JsonObject pod)
    {
        if (TermsOf(pod).Any(term => Requirements(term) is not { Count: 0 } || term["matchFields"] is JsonArray { Count: > 0 })) return;
        (pod["affinity"]?["nodeAffinity"] as JsonObject)?.Remove("requiredDuringSchedulingIgnoredDuringExecution");
    }

    private static JsonObject Child(JsonObject json, string name)
    {
        if (json[name] is JsonObject child) return child;
        json[name] = child = [];
        return child;
    }
}
