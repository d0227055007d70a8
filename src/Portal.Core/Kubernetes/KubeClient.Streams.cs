using System.Runtime.CompilerServices;
using System.Text;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.Kubernetes;

/// <summary>Which part of a container's log is asked for.</summary>
public sealed record LogQuery
{
    /// <summary>Null is right for a pod of one container.</summary>
    public string? Container { get; init; }

    /// <summary>Keep sending what is written; otherwise the log ends with what is there.</summary>
    public bool Follow { get; init; }

    /// <summary>Of the container that ran before the last restart.</summary>
    public bool Previous { get; init; }

    /// <summary>Only so many lines from the end; null sends all.</summary>
    public int? TailLines { get; init; }
}

/// <summary>What stands behind the API server's proxy.</summary>
public enum ProxyTarget
{
    Pods,
    Services,
    Nodes,
}

public sealed partial class KubeClient
{
    /// <summary>A container's log, line by line, without a limit in time.</summary>
    public async IAsyncEnumerable<string> LogAsync(ObjectName pod, LogQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        var path = Pod.Kind.PathOf(pod.Namespace, pod.Name, "log") + KubeRequest.Query(
            ("container", query.Container), ("follow", query.Follow ? "true" : null), ("previous", query.Previous ? "true" : null),
            ("tailLines", KubeRequest.Number(query.TailLines)));
        using var response = await _transport.OpenAsync(Own(KubeRequest.Get(path)), cancel);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        while (await lines.ReadLineAsync(cancel) is { } line) yield return line;
    }

    /// <summary>Reads from a pod, service or node through the API server, which carries the answer of the other side as it is.</summary>
    /// <param name="name">The name may carry scheme and port as the API writes them: "https:topolvm-node:9090".</param>
    /// <param name="path">The path and query on the other side, without a leading slash.</param>
    public Task<byte[]> GetThroughAsync(ProxyTarget target, ObjectName name, string path, CancellationToken cancel)
    {
        var place = name.Namespace is null ? "" : $"namespaces/{Uri.EscapeDataString(name.Namespace)}/";
        var full = $"api/v1/{place}{target.ToString().ToLowerInvariant()}/{name.Name}/proxy/{path}";
        return SendAsync(KubeRequest.Get(full), async (body, stop) =>
        {
            using var whole = new MemoryStream();
            await body.CopyToAsync(whole, stop);
            return whole.ToArray();
        }, cancel);
    }
}
