using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Core.Kubernetes;
using Portal.Simulator.Api;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Simulator.Life.Nodes;

/// <summary>What the API server passes on to the simulated nodes: logs of pods, and requests to pods and kubelets.</summary>
internal sealed class NodeEndpoints(ClusterObjects objects, ImmutableArray<SimulatedNode> nodes, TimeProvider time)
{
    public void Serve(ProxyHandlers handlers)
    {
        handlers.Register("pods/log", AnswerLogAsync);
        handlers.Register("pods/proxy", AnswerPodAsync);
        handlers.Register("nodes/proxy", AnswerKubeletAsync);
    }

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

    private Task AnswerPodAsync(HttpContext http, ObjectName name, string rest)
    {
        var (podName, port) = Address(name.Name, "80");
        var pod = PodOf(new(name.Namespace, podName));
        var node = Find(pod.Json.Text("spec", "nodeName"));
        var place = $"dial tcp {pod.Json.Text("status", "podIP")}:{port}";
        if (node is null || !node.State.Current.IsOnline) throw OutOfReach(place + ": i/o timeout");
        if (port != "8080" || node.State.Current.NodePlugins.Values.FirstOrDefault(plugin => plugin.PodUid == pod.Metadata.Uid) is not { } plugin)
            throw OutOfReach(place + ": connect: connection refused");
        return rest == "metrics" ? WriteAsync(http, "text/plain; version=0.0.4; charset=utf-8", NodePluginMetrics.Of(node, plugin)) : NothingThereAsync(http);
    }

    private Task AnswerKubeletAsync(HttpContext http, ObjectName name, string rest)
    {
        var (nodeName, port) = Address(name.Name, "10250");
        if (!objects.Nodes.TryGetValue(new(null, nodeName), out var known)) throw new RefusalException(404, "NotFound", $"nodes \"{nodeName}\" not found");
        // Whoever has made the Node object by hand has made no kubelet.
        if (Find(nodeName) is not { } node) throw OutOfReach($"dial tcp {known.Json.Objects("status", "addresses").FirstOrDefault()?.Text("address")}:{port}: connect: connection refused");
        if (Unreachable(node) is { } silent) throw OutOfReach(silent);
        if (port != "10250") throw OutOfReach($"dial tcp {node.Scenario.Address}:{port}: connect: connection refused");
        if (rest != "stats/summary") return NothingThereAsync(http);
        return WriteAsync(http, "application/json", StatsSummary.Of(node, objects.PodsOn(nodeName), objects, time.GetUtcNow()).ToJsonString());
    }

    /// <summary>"https:name:port", of which only the name must be there.</summary>
    private static (string Name, string Port) Address(string text, string port) => text.Split(':') switch
    {
        [_, var name, var given] => (name, given),
        [var name, var given] => (name, given),
        _ => (text, port),
    };

    private static RefusalException OutOfReach(string why) => new(503, "ServiceUnavailable", "error trying to reach service: " + why);

    private static Task NothingThereAsync(HttpContext http)
    {
        http.Response.StatusCode = 404;
        return WriteAsync(http, "text/plain; charset=utf-8", "404 page not found\n");
    }

    private KubeObject PodOf(ObjectName name) =>
        objects.Pods.GetValueOrDefault(name) ?? throw new RefusalException(404, "NotFound", $"pods \"{name.Name}\" not found");

    private SimulatedNode NodeOf(KubeObject pod, string container) => Find(pod.Json.Text("spec", "nodeName"))
        ?? throw Refusal.BadRequest($"container \"{container}\" in pod \"{pod.Name}\" is waiting to start: ContainerCreating");

    private SimulatedNode? Find(string name) => nodes.FirstOrDefault(node => node.Name == name);

    /// <summary>Why a connection to the node comes to nothing; null when it answers.</summary>
    private static string? Unreachable(SimulatedNode node) => node.State.Current.IsOnline ? null : $"dial tcp {node.Scenario.Address}:10250: i/o timeout";

    private static Task WriteAsync(HttpContext http, string type, string text)
    {
        http.Response.ContentType = type;
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted).AsTask();
    }
}
