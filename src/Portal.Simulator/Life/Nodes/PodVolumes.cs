using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Nodes;

/// <summary>Whether a pod's volumes can be mounted on its node.</summary>
internal static class PodVolumes
{
    /// <summary>The kubelet's own words for the first volume that cannot be mounted; null when all can.</summary>
    public static string? WhyNotMounted(SimulatedNode node, KubeObject pod, ClusterObjects objects)
    {
        foreach (var volume in pod.Json.Objects("spec", "volumes"))
            if (ProblemOf(node, pod, volume, objects) is { } problem) return $"MountVolume.SetUp failed for volume \"{NameOf(pod, volume, objects)}\" : {problem}";
        return null;
    }

    /// <summary>Whether a volume stays mounted because its CSI driver no longer runs on the node: such a pod never ends.</summary>
    public static bool IsStuck(SimulatedNode node, KubeObject pod, ClusterObjects objects) =>
        pod.Json.Objects("spec", "volumes").Any(volume => VolumeOf(pod, volume, objects) is { } mounted && DriverProblem(node, mounted) is not null);

    /// <summary>Makes the directories on the node that the pod's volumes ask for.</summary>
    public static void MakeDirectories(SimulatedNode node, KubeObject pod)
    {
        foreach (var host in pod.Json.Objects("spec", "volumes").Select(volume => volume["hostPath"]).OfType<JsonNode>()) DirectoryProblem(node, host);
    }

    private static string? ProblemOf(SimulatedNode node, KubeObject pod, JsonObject volume, ClusterObjects objects)
    {
        if (Missing(objects.ConfigMaps, pod, volume["configMap"], "name") is { } map) return $"configmap \"{map}\" not found";
        if (Missing(objects.Secrets, pod, volume["secret"], "secretName") is { } secret) return $"secret \"{secret}\" not found";
        if (volume["hostPath"] is { } host) return DirectoryProblem(node, host);
        if (volume["persistentVolumeClaim"] is null) return null;
        return VolumeOf(pod, volume, objects) is { } mounted ? DriverProblem(node, mounted) : $"claim \"{volume.Text("persistentVolumeClaim", "claimName")}\" is not bound";
    }

    private static string? Missing(ImmutableDictionary<ObjectName, KubeObject> known, KubeObject pod, JsonNode? source, string field) =>
        source is null || source.Flag("optional") || known.ContainsKey(new(pod.Namespace, source.Text(field))) ? null : source.Text(field);

    private static string? DirectoryProblem(SimulatedNode node, JsonNode host)
    {
        var path = host.Text("path").TrimEnd('/');
        if (host.Text("type") == "DirectoryOrCreate") node.Change(state => state with { Directories = state.Directories.Add(path) });
        return host.Text("type") == "Directory" && !node.State.Current.Directories.Contains(path) ? $"hostPath type check failed: {host.Text("path")} is not a directory" : null;
    }

    private static string? DriverProblem(SimulatedNode node, KubeObject mounted)
    {
        if (mounted.Json.Text("spec", "csi", "driver") is not { Length: > 0 } driver) return null;
        if (!node.State.Current.CsiDrivers.ContainsKey(driver))
            return $"kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name {driver} not found in the list of registered CSI drivers";
        return node.State.Current.NodePlugins.ContainsKey(driver) ? null
            : "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing dial unix "
                + $"{node.Scenario.KubeletDirectory}/plugins/{driver}/node/csi-topolvm.sock: connect: connection refused\"";
    }

    private static string NameOf(KubeObject pod, JsonObject volume, ClusterObjects objects) => VolumeOf(pod, volume, objects)?.Name ?? volume.Text("name");

    /// <summary>The PersistentVolume bound to the claim that a volume names; null when it names none or is not bound.</summary>
    private static KubeObject? VolumeOf(KubeObject pod, JsonObject volume, ClusterObjects objects)
    {
        var claim = volume.Text("persistentVolumeClaim", "claimName");
        if (claim.Length == 0 || !objects.Claims.TryGetValue(new(pod.Namespace, claim), out var found)) return null;
        return objects.PersistentVolumes.GetValueOrDefault(new(null, found.Json.Text("spec", "volumeName")));
    }
}
