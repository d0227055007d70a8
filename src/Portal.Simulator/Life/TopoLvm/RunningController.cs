using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;

namespace Portal.Simulator.Life.TopoLvm;

/// <summary>A TopoLVM controller that is ready: what is done through the API for one group is done only while there is one.</summary>
internal sealed record RunningController(TopoLvmNames Names, Version Version, string Namespace, bool FinalizesNodes)
{
    /// <summary>Whether csi-snapshotter runs beside it.</summary>
    public bool TakesSnapshots { get; init; }

    /// <summary>The ready controllers, one for each group that has any.</summary>
    public static IEnumerable<RunningController> All(ClusterObjects objects) => objects.Controllers;

    /// <summary>The controller that a pod runs; null when it runs none.</summary>
    public static RunningController? Of(KubeObject pod) =>
        pod.Json.Objects("spec", "containers").FirstOrDefault(container => Executable(container) == "topolvm-controller") is { } found ? Of(pod, found) : null;

    /// <summary>The last part of a container's command; "" where the image decides.</summary>
    public static string Executable(System.Text.Json.Nodes.JsonObject container) => container.Texts("command").FirstOrDefault("").Split('/')[^1];

    private static RunningController Of(KubeObject pod, System.Text.Json.Nodes.JsonObject container)
    {
        var image = container.Text("image").Split('/')[^1].Split(':');
        var version = TopoLvmVersion.Of(image is [_, var tag] ? tag : "");
        var legacy = container.Objects("env").Any(variable => variable.Text("name") == "USE_LEGACY");
        var skips = container.Texts("command").Concat(container.Texts("args")).Any(argument => argument is "--skip-node-finalize" or "--skip-node-finalize=true");
        return new(TopoLvmVersion.NamesOf(version, legacy), version, pod.Namespace ?? "", !skips)
        {
            TakesSnapshots = pod.Json.Objects("spec", "containers").Any(sidecar => Executable(sidecar) == "csi-snapshotter"),
        };
    }
}
