using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>What the server fills in where a document says nothing.</summary>
internal static class Defaults
{
    public static void Fill(ResourceType type, string version, JsonObject body, int minor)
    {
        var spec = body["spec"] as JsonObject;
        switch (type.GroupResource)
        {
            case "pods": if (spec is not null) PodDefaults.Fill(spec); break;
            case "deployments.apps": Deployment(spec); break;
            case "daemonsets.apps": DaemonSet(body, spec, minor); break;
            case "replicasets.apps" or "statefulsets.apps":
                Set(spec, "replicas", 1);
                PodDefaults.FillTemplate(spec);
                break;
            case "services": Service(body, spec); break;
            case "persistentvolumeclaims": Set(spec, "volumeMode", "Filesystem"); break;
            case "persistentvolumes":
                Set(spec, "volumeMode", "Filesystem");
                Set(spec, "persistentVolumeReclaimPolicy", "Retain");
                break;
            case "storageclasses.storage.k8s.io":
                Set(body, "reclaimPolicy", "Delete");
                Set(body, "volumeBindingMode", "Immediate");
                break;
            case "csidrivers.storage.k8s.io": CsiDriver(spec, minor); break;
            case "secrets": Secret(body); break;
            case "rolebindings.rbac.authorization.k8s.io" or "clusterrolebindings.rbac.authorization.k8s.io": Binding(body); break;
            case "mutatingwebhookconfigurations.admissionregistration.k8s.io" or "validatingwebhookconfigurations.admissionregistration.k8s.io":
                foreach (var webhook in Items(body["webhooks"])) Webhook(webhook, version, type.Kind[0] == 'M');
                break;
            case CustomResources.Definitions: Definition(spec); break;
            case "podsecuritypolicies.policy": Set(spec, "allowPrivilegeEscalation", true); break;
            case "namespaces": Set(body["metadata"] as JsonObject, "labels", () => minor >= 21 ? new JsonObject { ["kubernetes.io/metadata.name"] = body["metadata"]!["name"]!.DeepClone() } : null); break;
        }
    }

    public static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];

    public static void Set(JsonObject? target, string field, JsonNode? value)
    {
        if (target is not null && target[field] is null && value is not null) target[field] = value;
    }

    private static void Set(JsonObject? target, string field, Func<JsonNode?> value)
    {
        if (target is not null && target[field] is null && value() is { } made) target[field] = made;
    }

    private static void Deployment(JsonObject? spec)
    {
        Set(spec, "replicas", 1);
        Set(spec, "revisionHistoryLimit", 10);
        Set(spec, "progressDeadlineSeconds", 600);
        Set(spec, "strategy", new JsonObject());
        if (spec?["strategy"] is JsonObject strategy)
        {
            Set(strategy, "type", "RollingUpdate");
            if (Document.Text(strategy["type"]) == "RollingUpdate")
            {
                Set(strategy, "rollingUpdate", new JsonObject());
                Set(strategy["rollingUpdate"] as JsonObject, "maxSurge", "25%");
                Set(strategy["rollingUpdate"] as JsonObject, "maxUnavailable", "25%");
            }
        }
        PodDefaults.FillTemplate(spec);
    }

    private static void DaemonSet(JsonObject body, JsonObject? spec, int minor)
    {
        var metadata = body["metadata"]!.AsObject();
        Set(metadata, "annotations", new JsonObject());
        Set(metadata["annotations"] as JsonObject, "deprecated.daemonset.template.generation", ((long?)metadata["generation"] ?? 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Set(spec, "revisionHistoryLimit", 10);
        Set(spec, "updateStrategy", new JsonObject());
        if (spec?["updateStrategy"] is JsonObject strategy)
        {
            Set(strategy, "type", "RollingUpdate");
            if (Document.Text(strategy["type"]) == "RollingUpdate")
            {
                Set(strategy, "rollingUpdate", new JsonObject());
                Set(strategy["rollingUpdate"] as JsonObject, "maxUnavailable", 1);
                if (minor >= 22) Set(strategy["rollingUpdate"] as JsonObject, "maxSurge", 0);
            }
        }
        PodDefaults.FillTemplate(spec);
    }

    private static void Service(JsonObject body, JsonObject? spec)
    {
        Set(spec, "type", "ClusterIP");
        Set(spec, "sessionAffinity", "None");
        foreach (var port in Items(spec?["ports"]))
        {
            Set(port, "protocol", "TCP");
            Set(port, "targetPort", port["port"]?.DeepClone());
        }
        if (Document.Text(spec?["type"]) == "ExternalName") return;
        // An address made from the uid: stable, and as good as unique in a pretend cluster.
        var seed = Guid.TryParse(Document.Text(body["metadata"]?["uid"]), out var uid) ? uid.ToByteArray() : [0, 10];
        Set(spec, "clusterIP", $"10.96.{seed[0]}.{Math.Max((byte)2, seed[1])}");
        Set(spec, "clusterIPs", new JsonArray(spec?["clusterIP"]?.DeepClone()));
    }

    private static void CsiDriver(JsonObject? spec, int minor)
    {
        Set(spec, "attachRequired", true);
        Set(spec, "podInfoOnMount", false);
        Set(spec, "volumeLifecycleModes", new JsonArray("Persistent"));
        if (minor >= 20) Set(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
        if (minor < 21) spec?.Remove("storageCapacity");
        if (minor < 21) return;
        Set(spec, "storageCapacity", false);
        Set(spec, "requiresRepublish", false);
        if (minor >= 25) Set(spec, "seLinuxMount", false);
    }

    private static void Secret(JsonObject body)
    {
        Set(body, "type", "Opaque");
        if (body["stringData"] is not JsonObject plain) return;
        Set(body, "data", new JsonObject());
        foreach (var (key, value) in plain) body["data"]![key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes((string?)value ?? ""));
        body.Remove("stringData");
    }

    private static void Binding(JsonObject body)
    {
        const string group = "rbac.authorization.k8s.io";
        Set(body["roleRef"] as JsonObject, "apiGroup", group);
        foreach (var subject in Items(body["subjects"]))
            if (Document.Text(subject["kind"]) is "User" or "Group") Set(subject, "apiGroup", group);
    }

    private static void Webhook(JsonObject webhook, string version, bool isMutating)
    {
        var isBeta = version == "v1beta1";
        Set(webhook, "failurePolicy", isBeta ? "Ignore" : "Fail");
        Set(webhook, "matchPolicy", isBeta ? "Exact" : "Equivalent");
        Set(webhook, "timeoutSeconds", isBeta ? 30 : 10);
        Set(webhook, "namespaceSelector", new JsonObject());
        Set(webhook, "objectSelector", new JsonObject());
        if (isMutating) Set(webhook, "reinvocationPolicy", "Never");
        if (isBeta)
        {
            Set(webhook, "sideEffects", "Unknown");
            Set(webhook, "admissionReviewVersions", new JsonArray("v1beta1"));
        }
        Set(webhook["clientConfig"]?["service"] as JsonObject, "port", 443);
        foreach (var rule in Items(webhook["rules"])) Set(rule, "scope", "*");
    }

    private static void Definition(JsonObject? spec)
    {
        Set(spec, "conversion", new JsonObject { ["strategy"] = "None" });
        var names = spec?["names"] as JsonObject;
        var kind = Document.Text(names?["kind"]) ?? "";
        Set(names, "singular", kind.ToLowerInvariant());
        Set(names, "listKind", kind + "List");
    }
}
