using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Bench;

/// <summary>Nodes that are objects only: no kubelet stands behind them.</summary>
internal static class BenchNodes
{
    /// <param name="label">As kubectl writes one: "key=value".</param>
    public static Task<Node> CreateAsync(KubeClient client, string name, string label) => client.CreateAsync(
        Node.Kind,
        new(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [label.Split('=')[0]] = label.Split('=')[1] } },
        }),
        WriteOptions.Default, CancellationToken.None);
}
