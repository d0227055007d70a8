using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>What a pod's claims mean for where it may run. The reasons are kube-scheduler's.</summary>
internal sealed class VolumeFit
{
    private readonly List<KubeObject> _bound = [];

    /// <summary>Why the pod can run nowhere; null when that depends on the node.</summary>
    public string? WhyNowhere { get; private init; }

    /// <summary>Claims that get their volume where the pod goes.</summary>
    public IReadOnlyList<KubeObject> Waiting => _waiting;

    private readonly List<KubeObject> _waiting = [];

    public static VolumeFit Of(KubeObject pod, ClusterObjects objects)
    {
        var fit = new VolumeFit();
        foreach (var name in PodRules.Claims(pod))
        {
            if (!objects.Claims.TryGetValue(name, out var claim)) return new VolumeFit { WhyNowhere = $"persistentvolumeclaim \"{name.Name}\" not found" };
            if (claim.Metadata.IsBeingDeleted) return new VolumeFit { WhyNowhere = $"persistentvolumeclaim \"{name.Name}\" is being deleted" };
            if (claim.Json.Text("status", "phase") == "Bound" && objects.PersistentVolumes.TryGetValue(new(null, claim.Json.Text("spec", "volumeName")), out var volume))
            {
                fit._bound.Add(volume);
                continue;
            }
            var storageClass = objects.StorageClasses.GetValueOrDefault(new(null, claim.Json.Text("spec", "storageClassName")));
            if (storageClass?.Json.Text("volumeBindingMode") != "WaitForFirstConsumer")
                return new VolumeFit { WhyNowhere = "pod has unbound immediate PersistentVolumeClaims" };
            fit._waiting.Add(claim);
        }
        return fit;
    }

    /// <summary>Null when every bound volume can be reached from the node, and every waiting claim has not been promised to another.</summary>
    public string? WhyNot(KubeObject node)
    {
        foreach (var volume in _bound)
        {
            var required = volume.Json["spec"].At("nodeAffinity", "required");
            if (required is not null && !NodeFit.MatchesAnyTerm(required, node)) return "node(s) had volume node affinity conflict";
        }
        return _waiting.Any(claim => SelectedNode(claim) is { } chosen && chosen != node.Name) ? "node(s) had volume node affinity conflict" : null;
    }

    public static string? SelectedNode(KubeObject claim) => claim.Metadata.Annotations.GetValueOrDefault("volume.kubernetes.io/selected-node");
}
