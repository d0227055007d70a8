using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Simulator.Life;

namespace Portal.Simulator.Scenarios;

/// <summary>What a cluster needs for snapshots beside TopoLVM: the definitions, the controller that is common to all drivers, and a class.</summary>
public static class SnapshotSupport
{
    public static ImmutableArray<KubeObject> Definitions => [Definition(LifeKinds.Snapshots), Definition(LifeKinds.SnapshotContents), Definition(LifeKinds.SnapshotClasses)];

    public static KubeObject Controller => new(JsonNode.Parse("""
        {
          "apiVersion": "apps/v1",
          "kind": "Deployment",
          "metadata": { "namespace": "kube-system", "name": "snapshot-controller" },
          "spec": {
            "replicas": 1,
            "selector": { "matchLabels": { "app": "snapshot-controller" } },
            "template": {
              "metadata": { "labels": { "app": "snapshot-controller" } },
              "spec": { "containers": [ { "name": "snapshot-controller", "image": "registry.k8s.io/sig-storage/snapshot-controller:v8.2.0", "args": ["--leader-election=true"] } ] }
            }
          }
        }
        """)!.AsObject());

    public static KubeObject Class(string name, string driver) => new(new JsonObject
    {
        ["apiVersion"] = LifeKinds.SnapshotClasses.ApiVersion,
        ["kind"] = LifeKinds.SnapshotClasses.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["driver"] = driver,
        ["deletionPolicy"] = "Delete",
    });

    private static KubeObject Definition(KubeKind kind)
    {
        static JsonObject Anything() => new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
        var properties = kind.Kind == "VolumeSnapshotClass"
            ? new JsonObject { ["driver"] = new JsonObject { ["type"] = "string" }, ["deletionPolicy"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("Delete", "Retain") }, ["parameters"] = Anything() }
            : new JsonObject { ["spec"] = Anything(), ["status"] = Anything() };
        var version = new JsonObject
        {
            ["name"] = kind.Version,
            ["served"] = true,
            ["storage"] = true,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["properties"] = properties } },
        };
        if (kind.Kind != "VolumeSnapshotClass") version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        return new(new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{kind.Plural}.{kind.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = kind.Group,
                ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
                ["names"] = new JsonObject { ["kind"] = kind.Kind, ["listKind"] = kind.Kind + "List", ["plural"] = kind.Plural, ["singular"] = kind.Kind.ToLowerInvariant() },
                ["versions"] = new JsonArray(version),
            },
        });
    }
}
