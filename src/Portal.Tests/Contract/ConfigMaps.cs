using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Tests.Contract;

/// <summary>The simplest of all kinds: what the tests about every kind work with.</summary>
internal static class ConfigMaps
{
    public static readonly KubeKind<KubeObject> Kind = new("", "v1", "configmaps", "ConfigMap", true, KubeJson.Of<KubeObject>());

    public static KubeObject New(string ns, string name, string value) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = name },
        ["data"] = new JsonObject { ["key"] = value },
    });

    /// <summary>The value under the one key; null when it has none.</summary>
    public static string? Value(KubeObject configMap) => (string?)configMap.Json["data"]?["key"];
}
