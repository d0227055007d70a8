using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Core.Kubernetes;
using Portal.Simulator.Api;

namespace Portal.Simulator.Life.Nodes;

/// <summary>What the API server passes on to the simulated nodes: logs of pods, and requests to pods and kubelets.</summary>
internal sealed class NodeEndpoints(ClusterObjects objects, SimulatedLife life)
{
    public void Serve(ProxyHandlers handlers) => handlers.Register("pods/log", AnswerLogAsync);

    private Task AnswerLogAsync(HttpContext http, ObjectName name, string rest)
    {
        var pod = PodOf(name);
        var containers = pod.Json.Objects("spec", "containers").Select(container => container.Text("name")).ToArray();
        var asked = http.Request.Query["container"].ToString();
        if (asked.Length == 0 && containers.Length > 1)
            throw Refusal.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', containers)}]");
        var container = asked.Length == 0 ? containers[0] : asked;
        if (!containers.Contains(container)) throw Refusal.BadRequest($"container {container} is not valid for pod {pod.Name}");
        var previous = http.Request.Query["previous"].ToString() is "true" or "1";
        var node = NodeOf(pod, container);
        if (Unreachable(node) is { } silent)
            throw new RefusalException(500, "InternalError", $"Get \"https://{node.Scenario.Address}:10250/containerLogs/{pod.Namespace}/{pod.Name}/{container}\": {silent}");
        if (node.Logs.Read(pod.Metadata.Uid, container, previous) is not { } lines)
        {
            throw Refusal.BadRequest(previous ? $"previous terminated container \"{container}\" in pod \"{pod.Name}\" not found"
                : $"container \"{container}\" in pod \"{pod.Name}\" is waiting to start: ContainerCreating");
        }
        var tail = int.TryParse(http.Request.Query["tailLines"], out var count) ? count : lines.Length;
        return WriteAsync(http, "text/plain", string.Concat(lines.TakeLast(tail).Select(line => line + "\n")));
    }

    private KubeObject PodOf(ObjectName name) =>
        objects.Pods.GetValueOrDefault(name) ?? throw new RefusalException(404, "NotFound", $"pods \"{name.Name}\" not found");

    private SimulatedNode NodeOf(KubeObject pod, string container) => life.Nodes.FirstOrDefault(node => node.Name == pod.Json.Text("spec", "nodeName"))
        ?? throw Refusal.BadRequest($"container \"{container}\" in pod \"{pod.Name}\" is waiting to start: ContainerCreating");

    /// <summary>Why a connection to the node comes to nothing; null when it answers.</summary>
    private static string? Unreachable(SimulatedNode node) => node.State.Current.IsOnline ? null : $"dial tcp {node.Scenario.Address}:10250: i/o timeout";

    private static Task WriteAsync(HttpContext http, string type, string text)
    {
        http.Response.ContentType = type;
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted).AsTask();
    }
}
