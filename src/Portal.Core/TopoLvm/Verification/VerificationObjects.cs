using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Core.TopoLvm.Verification;

/// <summary>The claim and the pods of a verification. What the containers are told is passed as arguments, never put into the script.</summary>
internal static class VerificationObjects
{
    /// <summary>On everything that a verification makes; its value is the run's id.</summary>
    public const string Label = "topolvm-portal/verification";

    private const string Folder = "/data";
    private const string File = Folder + "/token";

    private const string Write = "printf %s \"$1\" > \"$2\"; sync; sha256sum < \"$2\"; df -Pk \"$3\" | tail -n 1";
    private const string Read = "sha256sum < \"$1\"; df -Pk \"$2\" | tail -n 1";

    public static KubeObject Claim(VerificationSpec spec) => Of(spec, "v1", "PersistentVolumeClaim", spec.Claim(), new JsonObject
    {
        ["accessModes"] = new JsonArray("ReadWriteOnce"),
        ["storageClassName"] = spec.StorageClass,
        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Quantity.Of(spec.SizeBytes).ToString() } },
    });

    /// <summary>Writes the token, reads it back, and ends.</summary>
    public static KubeObject Writer(VerificationSpec spec, TopoLvmNames names) =>
        Pod(spec, names, "write", "Never", ["sh", "-ec", Write, "topolvm-portal-write", spec.Token, File, Folder]);

    /// <summary>Reads what another pod wrote, and stays: a file system grows only while it is mounted.</summary>
    public static KubeObject Reader(VerificationSpec spec, TopoLvmNames names) =>
        Pod(spec, names, "read", "Always", ["sh", "-ec", Read + "; exec sleep 86400", "topolvm-portal-read", File, Folder]);

    /// <summary>Reads once more after the expansion, and ends.</summary>
    public static KubeObject Measurer(VerificationSpec spec, TopoLvmNames names) =>
        Pod(spec, names, "measure", "Never", ["sh", "-ec", Read, "topolvm-portal-read", File, Folder]);

    private static KubeObject Pod(VerificationSpec spec, TopoLvmNames names, string part, string restartPolicy, string[] command)
    {
        var content = new JsonObject
        {
            ["restartPolicy"] = restartPolicy,
            ["terminationGracePeriodSeconds"] = 1,
            ["automountServiceAccountToken"] = false,
            ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = part,
                ["image"] = spec.Image,
                ["command"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]),
                ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "data", ["mountPath"] = Folder }),
            }),
            ["volumes"] = new JsonArray(new JsonObject { ["name"] = "data", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = spec.Claim().Name } }),
        };
        if (spec.Node is { } node) content["nodeSelector"] = new JsonObject { [names.TopologyLabel] = node };
        return Of(spec, "v1", "Pod", spec.Pod(part), content);
    }

    private static KubeObject Of(VerificationSpec spec, string apiVersion, string kind, ObjectName name, JsonObject content) => new(new JsonObject
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = name.Name,
            ["namespace"] = name.Namespace,
            ["labels"] = new JsonObject { [Label] = spec.Id, [InstallPlan.ManagedByLabel] = KubeClient.FieldManager },
        },
        ["spec"] = content,
    });
}
