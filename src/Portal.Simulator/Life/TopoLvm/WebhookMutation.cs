using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>What TopoLVM's webhooks change in a pod or a claim that is being created.</summary>
internal static class WebhookMutation
{
    /// <summary>Puts the finalizer on claims of TopoLVM's classes, by which TopoLVM learns of their deletion.</summary>
    public static void MarkClaim(TopoLvmNames names, JsonObject claim, IReadOnlyDictionary<string, KubeObject> classes)
    {
        if (classes.GetValueOrDefault(claim.Text("spec", "storageClassName"))?.Json.Text("provisioner") != names.Provisioner) return;
        var metadata = claim["metadata"]!.AsObject();
        var finalizers = metadata["finalizers"] as JsonArray ?? [];
        if (finalizers.All(finalizer => finalizer.Text() != names.ClaimFinalizer)) finalizers.Add((JsonNode)names.ClaimFinalizer);
        metadata["finalizers"] = finalizers.Parent is null ? finalizers : finalizers.DeepClone();
    }

    /// <summary>Tells the scheduler's extender how much a pod's unbound claims ask for of each device class. A claim that is already bound fixes
    /// the node, so such a pod is left alone; so is one whose claims do not exist yet.</summary>
    public static void MarkPod(TopoLvmNames names, Version version, JsonObject pod, IReadOnlyDictionary<string, KubeObject> claims, IReadOnlyDictionary<string, KubeObject> classes)
    {
        var used = pod.Objects("spec", "volumes").Select(volume => volume.Text("persistentVolumeClaim", "claimName"))
            .Select(claims.GetValueOrDefault).OfType<KubeObject>().Where(claim => ClassOf(claim, classes)?.Json.Text("provisioner") == names.Provisioner).ToArray();
        if (used.Length == 0 || used.Any(claim => claim.Json.Text("spec", "volumeName").Length > 0)) return;
        var metadata = pod["metadata"]!.AsObject();
        var annotations = Child(metadata, "annotations");
        foreach (var group in used.GroupBy(claim => DeviceClassOf(names, ClassOf(claim, classes)!)))
            annotations[names.CapacityAnnotationPrefix + group.Key] = group.Sum(claim => Asked(claim, version)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (pod.Objects("spec", "containers").FirstOrDefault() is not { } first) return;
        var resources = Child(first, "resources");
        Child(resources, "requests")[names.CapacityResource] = "1";
        Child(resources, "limits")[names.CapacityResource] = "1";
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child) parent[name] = child = [];
        return child;
    }

    private static KubeObject? ClassOf(KubeObject claim, IReadOnlyDictionary<string, KubeObject> classes) => classes.GetValueOrDefault(claim.Json.Text("spec", "storageClassName"));

    private static string DeviceClassOf(TopoLvmNames names, KubeObject storageClass) =>
        storageClass.Json.Text("parameters", names.DeviceClassParameter) is { Length: > 0 } named ? named : TopoLvmNames.DefaultClass;

    private static long Asked(KubeObject claim, Version version)
    {
        var bytes = Sizes.BytesOf(claim.Json.Text("spec", "resources", "requests", "storage"));
        if (version >= TopoLvmVersion.WebhookCountsBytes) return bytes == 0 ? 1L << 30 : bytes;
        return Math.Max(1, (bytes + (1L << 30) - 1) >> 30) << 30;
    }
}
