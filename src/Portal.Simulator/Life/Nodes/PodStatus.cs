using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>Documents of a pod's status, as a kubelet writes them.</summary>
internal static class PodStatus
{
    /// <summary>A pod none of whose containers has started, each for the same reason.</summary>
    public static JsonObject Waiting(KubeObject pod, string reason, string? message, DateTimeOffset now)
    {
        var containers = pod.Json.Objects("spec", "containers").Select(container => Container(container, Wait(reason, message), new ContainerRun()));
        return Document(pod, "Pending", false, [.. containers], now);
    }

    /// <summary>A pod whose containers have started.</summary>
    public static JsonObject Running(KubeObject pod, PodRun run, DateTimeOffset now)
    {
        var containers = pod.Json.Objects("spec", "containers").Select(container =>
        {
            var state = run.Containers[container.Text("name")];
            return Container(container, StateOf(pod, container, state), state);
        });
        return Document(pod, "Running", run.Containers.Values.All(container => container.Ready), [.. containers], now);
    }

    /// <summary>A pod whose containers have ended for good.</summary>
    public static JsonObject Ended(KubeObject pod, PodRun run, int exitCode, DateTimeOffset now)
    {
        var reason = exitCode == 0 ? "Completed" : "Error";
        var containers = pod.Json.Objects("spec", "containers").Select(container =>
        {
            var ended = new ContainerRun { Restarts = run.Containers[container.Text("name")].Restarts };
            return Container(container, new JsonObject { ["terminated"] = Exit(exitCode, reason, null, run.StartedAt ?? now, now) }, ended);
        });
        return Document(pod, exitCode == 0 ? "Succeeded" : "Failed", false, [.. containers], now);
    }

    /// <summary>A list of conditions in which one has been set; the moment of transition moves only when the status does.</summary>
    public static JsonArray WithCondition(JsonNode? status, string type, bool isTrue, string? reason, string? message, DateTimeOffset now)
    {
        var others = status.Objects("conditions").Where(condition => condition.Text("type") != type).Select(condition => condition.DeepClone());
        var before = status.Objects("conditions").FirstOrDefault(condition => condition.Text("type") == type);
        var word = isTrue ? "True" : "False";
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = word,
            ["lastTransitionTime"] = before?.Text("status") == word ? before.Text("lastTransitionTime") : now.Timestamp(),
        };
        if (reason is not null) condition["reason"] = reason;
        if (message is not null) condition["message"] = message;
        return [.. others, condition];
    }

    public static void PutAddresses(JsonObject status, NodeScenario node, KubeObject pod)
    {
        status["hostIP"] = node.Address;
        if (status.Text("phase") != "Running") return;
        status["podIP"] = pod.Json.Flag("spec", "hostNetwork") ? node.Address : $"10.244.{node.Name.Sum(letter => letter) % 256}.{pod.Metadata.Uid.Sum(letter => letter) % 250 + 2}";
    }

    private static JsonObject Document(KubeObject pod, string phase, bool ready, JsonNode[] containers, DateTimeOffset now)
    {
        var status = new JsonObject { ["conditions"] = pod.Json["status"].At("conditions")?.DeepClone() };
        var waiting = ready ? null : phase == "Succeeded" ? "PodCompleted" : "ContainersNotReady";
        var message = waiting == "ContainersNotReady" ? $"containers with unready status: [{string.Join(' ', containers.Where(one => !one.Flag("ready")).Select(one => one.Text("name")))}]" : null;
        status["conditions"] = WithCondition(status, "PodScheduled", true, null, null, now);
        status["conditions"] = WithCondition(status, "Initialized", true, null, null, now);
        status["conditions"] = WithCondition(status, "ContainersReady", ready, waiting, message, now);
        status["conditions"] = WithCondition(status, "Ready", ready, waiting, message, now);
        status["phase"] = phase;
        status["startTime"] = pod.Json.Text("status", "startTime") is { Length: > 0 } started ? started : now.Timestamp();
        status["containerStatuses"] = new JsonArray(containers);
        return status;
    }

    private static JsonObject StateOf(KubeObject pod, JsonObject container, ContainerRun run)
    {
        if (run.RunningSince is { } since) return new JsonObject { ["running"] = new JsonObject { ["startedAt"] = since.Timestamp() } };
        var seconds = Math.Min(300, 10 << Math.Clamp(run.Crashes - 1, 0, 5));
        var wait = seconds < 60 ? $"{seconds}s" : $"{seconds / 60}m{seconds % 60}s";
        return Wait("CrashLoopBackOff",
            $"back-off {wait} restarting failed container={container.Text("name")} pod={pod.Name}_{pod.Namespace}({pod.Metadata.Uid})");
    }

    private static JsonObject Container(JsonObject container, JsonObject state, ContainerRun run)
    {
        var status = new JsonObject
        {
            ["name"] = container.Text("name"),
            ["image"] = container.Text("image"),
            ["imageID"] = run.RunningSince is null ? "" : "docker-pullable://" + container.Text("image").Split(':')[0],
            ["ready"] = run.Ready,
            ["started"] = run.RunningSince is not null,
            ["restartCount"] = run.Restarts,
            ["state"] = state,
            ["lastState"] = new JsonObject(),
        };
        if (run.LastExit is { } exit)
            status["lastState"] = new JsonObject { ["terminated"] = Exit(1, "Error", run.LastWords, exit, exit) };
        return status;
    }

    private static JsonObject Wait(string reason, string? message)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message is not null) waiting["message"] = message;
        return new JsonObject { ["waiting"] = waiting };
    }

    private static JsonObject Exit(int code, string reason, string? message, DateTimeOffset started, DateTimeOffset finished)
    {
        var exit = new JsonObject { ["exitCode"] = code, ["reason"] = reason, ["startedAt"] = started.Timestamp(), ["finishedAt"] = finished.Timestamp() };
        if (message is not null) exit["message"] = message;
        return exit;
    }
}
