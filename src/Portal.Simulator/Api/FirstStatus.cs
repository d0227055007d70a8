using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>The status an object has when it is created, whatever its creator wrote.</summary>
internal static class FirstStatus
{
    public static void Write(ResourceType type, string version, JsonObject body, TimeProvider time)
    {
        if (type.IsCustom && type.FindVersion(version)!.HasStatus) body.Remove("status");
        JsonObject? status = type.GroupResource switch
        {
            "namespaces" => new() { ["phase"] = "Active" },
            "pods" => new() { ["phase"] = "Pending", ["qosClass"] = Quality(body["spec"]) },
            "persistentvolumeclaims" => new() { ["phase"] = "Pending" },
            "services" => new() { ["loadBalancer"] = new JsonObject() },
            "deployments.apps" or "jobs.batch" => [],
            "daemonsets.apps" => new() { ["currentNumberScheduled"] = 0, ["numberMisscheduled"] = 0, ["desiredNumberScheduled"] = 0, ["numberReady"] = 0 },
            "replicasets.apps" or "statefulsets.apps" => new() { ["replicas"] = 0 },
            CustomResources.Definitions => Definition(body["spec"]!, ObjectRules.Now(time)),
            _ => null,
        };
        if (status is not null) body["status"] = status;
        if (type.GroupResource == "namespaces") body["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        if (type.GroupResource == CustomResources.Definitions) body["metadata"]!["finalizers"] = new JsonArray(Terminations.DefinitionCleanup);
        if (type.GroupResource == "persistentvolumes") body["status"] = new JsonObject { ["phase"] = "Pending" };
    }

    private static string Quality(JsonNode? spec)
    {
        var containers = Defaults.Items(spec?["containers"]).ToArray();
        if (containers.All(container => container["resources"] is not JsonObject { Count: > 0 })) return "BestEffort";
        return containers.All(container => container["resources"]?["limits"] is JsonObject limits && limits.ContainsKey("cpu") && limits.ContainsKey("memory")
            && JsonNode.DeepEquals(limits, container["resources"]!["requests"])) ? "Guaranteed" : "Burstable";
    }

    private static JsonObject Definition(JsonNode spec, string now) => new()
    {
        ["conditions"] = new JsonArray(
            Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
            Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now)),
        ["acceptedNames"] = spec["names"]?.DeepClone(),
        ["storedVersions"] = new JsonArray([.. Defaults.Items(spec["versions"]).Where(version => (bool?)version["storage"] == true).Select(version => version["name"]!.DeepClone())]),
    };

    private static JsonObject Condition(string type, string reason, string message, string now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = now,
        ["reason"] = reason,
        ["message"] = message,
    };
}
