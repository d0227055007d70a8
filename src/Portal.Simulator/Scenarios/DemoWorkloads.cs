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

    private static KubeObject Namespace(string name) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [Label] = name } },
    });

    private static IEnumerable<KubeObject> Workload(string ns, string name, string image, string claim, string size)
    {
        JsonObject Labels() => new() { ["app"] = name, [Label] = ns };
        yield return new KubeObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = claim, ["labels"] = Labels() },
            ["spec"] = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["storageClassName"] = "topolvm-provisioner",
                ["volumeMode"] = "Filesystem",
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } },
            },
        });
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = image,
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = claim, ["mountPath"] = "/var/lib/" + name }),
        };
        var volume = new JsonObject { ["name"] = claim, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } };
        yield return new KubeObject(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = name, ["labels"] = Labels() },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 1,
                ["strategy"] = new JsonObject { ["type"] = "Recreate" },
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels() },
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
}
