using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>What the server fills into pods and pod templates.</summary>
internal static class PodDefaults
{
    public static void FillTemplate(JsonObject? workload)
    {
        if (workload?["template"] is not JsonObject template) return;
        Defaults.Set(template, "metadata", new JsonObject { ["creationTimestamp"] = null });
        if (template["spec"] is JsonObject spec) Fill(spec);
    }

    public static void Fill(JsonObject spec)
    {
        Defaults.Set(spec, "restartPolicy", "Always");
        Defaults.Set(spec, "dnsPolicy", "ClusterFirst");
        Defaults.Set(spec, "terminationGracePeriodSeconds", 30);
        Defaults.Set(spec, "schedulerName", "default-scheduler");
        Defaults.Set(spec, "securityContext", new JsonObject());
        if (spec["serviceAccountName"] is { } account) Defaults.Set(spec, "serviceAccount", account.DeepClone());
        foreach (var container in Defaults.Items(spec["containers"]).Concat(Defaults.Items(spec["initContainers"]))) Container(container, (bool?)spec["hostNetwork"] == true);
        foreach (var volume in Defaults.Items(spec["volumes"])) Volume(volume);
    }

    private static void Container(JsonObject container, bool isOnHostNetwork)
    {
        Defaults.Set(container, "terminationMessagePath", "/dev/termination-log");
        Defaults.Set(container, "terminationMessagePolicy", "File");
        Defaults.Set(container, "resources", new JsonObject());
        var image = Document.Text(container["image"]) ?? "";
        var name = image[(image.LastIndexOf('/') + 1)..];
        var isLatest = !image.Contains('@', StringComparison.Ordinal) && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
        Defaults.Set(container, "imagePullPolicy", isLatest ? "Always" : "IfNotPresent");
        foreach (var port in Defaults.Items(container["ports"]))
        {
            Defaults.Set(port, "protocol", "TCP");
            if (isOnHostNetwork) Defaults.Set(port, "hostPort", port["containerPort"]?.DeepClone());
        }
        foreach (var variable in Defaults.Items(container["env"])) Defaults.Set(variable["valueFrom"]?["fieldRef"] as JsonObject, "apiVersion", "v1");
        foreach (var probe in new[] { "livenessProbe", "readinessProbe", "startupProbe" }) Probe(container[probe] as JsonObject);
        Defaults.Set(container["lifecycle"]?["preStop"]?["httpGet"] as JsonObject, "scheme", "HTTP");
        if (container["resources"] is not JsonObject resources || resources["limits"] is not JsonObject limits) return;
        // A limit without a request is also the request.
        Defaults.Set(resources, "requests", new JsonObject());
        foreach (var (resource, amount) in limits) Defaults.Set(resources["requests"] as JsonObject, resource, amount?.DeepClone());
    }

    private static void Probe(JsonObject? probe)
    {
        Defaults.Set(probe, "timeoutSeconds", 1);
        Defaults.Set(probe, "periodSeconds", 10);
        Defaults.Set(probe, "successThreshold", 1);
        Defaults.Set(probe, "failureThreshold", 3);
        Defaults.Set(probe?["httpGet"] as JsonObject, "scheme", "HTTP");
        Defaults.Set(probe?["httpGet"] as JsonObject, "path", "/");
    }

    private static void Volume(JsonObject volume)
    {
        foreach (var source in new[] { "configMap", "secret", "projected", "downwardAPI" }) Defaults.Set(volume[source] as JsonObject, "defaultMode", 420);
        Defaults.Set(volume["hostPath"] as JsonObject, "type", "");
        if (volume.Count == 1) volume["emptyDir"] = new JsonObject();
    }
}
