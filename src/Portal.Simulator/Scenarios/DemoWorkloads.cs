using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Scenarios;

/// <summary>Workloads of the demo: they wait for TopoLVM's storage class and run once it is there.</summary>
internal static class DemoWorkloads
{
    /// <summary>On everything the demo adds, to tell it from what the portal makes.</summary>
    public const string Label = "demo.topolvm-portal/workload";

    public static ImmutableArray<KubeObject> All =>
    [
        Namespace("vision"), .. Workload("vision", "camera-recorder", "registry.local/vision/recorder:2.3", "recordings", "100Gi"),
        Namespace("mes"), .. Workload("mes", "line-database", "postgres:13.4", "pgdata", "20Gi"), .. Workload("mes", "message-queue", "redis:6.2", "queue", "8Gi"),
        Namespace("retail"), .. Workload("retail", "price-cache", "redis:6.2", "cache", "4Gi"),
    ];

    public static KubeObject Namespace(string name) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [Label] = name } },
    });

    private static IEnumerable<KubeObject> Workload(string ns, string name, string image, string claim, string size) => [Claim(ns, name, claim, size), Deployment(ns, name, image, claim)];

    public static KubeObject Claim(string ns, string name, string claim, string size, string storageClass = "topolvm-provisioner") => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolumeClaim",
        ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = claim, ["labels"] = Labels(ns, name) },
        ["spec"] = new JsonObject
        {
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["storageClassName"] = storageClass,
            ["volumeMode"] = "Filesystem",
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } },
        },
    });

    /// <summary>One pod that mounts a claim, on a node with a disk for it.</summary>
    public static KubeObject Deployment(string ns, string name, string image, string claim)
    {
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = image,
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = claim, ["mountPath"] = "/var/lib/" + name }),
        };
        var volume = new JsonObject { ["name"] = claim, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } };
        return new(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = name, ["labels"] = Labels(ns, name) },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 1,
                ["strategy"] = new JsonObject { ["type"] = "Recreate" },
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels(ns, name) },
                    ["spec"] = new JsonObject
                    {
                        ["nodeSelector"] = new JsonObject { [SuperEdgeSite.DiskNodeLabel] = "topolvm" },
                        ["containers"] = new JsonArray(container),
                        ["volumes"] = new JsonArray(volume),
                    },
                },
            },
        });
    }

    private static JsonObject Labels(string ns, string name) => new() { ["app"] = name, [Label] = ns };
}
