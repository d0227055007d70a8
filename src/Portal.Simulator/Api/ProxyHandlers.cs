using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>What answers behind the API server: a kubelet's log of a pod, a pod's, service's or node's own HTTP server.</summary>
public sealed class ProxyHandlers
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, ObjectName, string, Task>> _handlers = new();

    /// <summary>Registers the answer for a resource and subresource such as "pods/log" or "nodes/proxy"; it gets the object's name and the rest of the path.</summary>
    public void Register(string subresource, Func<HttpContext, ObjectName, string, Task> handler) => _handlers[subresource] = handler;

    internal Task AnswerAsync(ApiRequest request)
    {
        if (_handlers.TryGetValue(request.Type.Plural + "/" + request.Subresource, out var handler)) return handler(request.Http, request.ObjectName, request.Rest);
        throw new RefusalException(503, "ServiceUnavailable", $"no endpoints available for {request.Type.Singular} \"{request.Name}\"");
    }
}
