using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Workloads;

/// <summary>Makes pods from a workload's template.</summary>
internal static class PodTemplate
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Tells one revision of a template from another.</summary>
    public static string HashOf(KubeObject workload) => Letters(workload.Json["spec"].At("template")?.ToJsonString() ?? "", 10);

    /// <summary>A name that is the same for the same cause, so that a pass over a copy that is a moment old makes nothing twice.</summary>
    public static string NameFor(KubeObject workload, params ReadOnlySpan<string> cause) =>
        $"{workload.Name}-{Letters(workload.Metadata.Uid + "|" + string.Join('|', cause), 5)}";

    public static KubeObject PodFor(KubeKind kind, KubeObject owner, string name, params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var template = owner.Json["spec"].At("template");
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["generateName"] = owner.Name + "-",
            ["namespace"] = owner.Namespace,
            ["labels"] = template.At("metadata", "labels")?.DeepClone() ?? new JsonObject(),
            ["ownerReferences"] = new JsonArray(PodRules.OwnedBy(kind, owner)),
        };
        if (template.At("metadata", "annotations") is { } annotations) metadata["annotations"] = annotations.DeepClone();
        foreach (var (key, value) in labels) metadata["labels"]![key] = value;
        return new KubeObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template.At("spec")?.DeepClone() ?? new JsonObject(),
        });
    }

    private static string Letters(string text, int count)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return new string([.. digest.Take(count).Select(one => Alphabet[one % Alphabet.Length])]);
    }
}
