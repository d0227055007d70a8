using System.Collections.Immutable;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>The objects that say where a claim's volume is or can be.</summary>
internal sealed record VolumeObjects
{
    public ImmutableDictionary<ObjectName, KubeObject> Claims { get; init; } = ImmutableDictionary<ObjectName, KubeObject>.Empty;
    public ImmutableDictionary<ObjectName, KubeObject> PersistentVolumes { get; init; } = ImmutableDictionary<ObjectName, KubeObject>.Empty;
    public ImmutableDictionary<ObjectName, KubeObject> StorageClasses { get; init; } = ImmutableDictionary<ObjectName, KubeObject>.Empty;
    public ImmutableDictionary<ObjectName, KubeObject> CsiDrivers { get; init; } = ImmutableDictionary<ObjectName, KubeObject>.Empty;

    /// <summary>CSIStorageCapacity objects, in whichever version is served.</summary>
    public ImmutableDictionary<ObjectName, KubeObject> Capacities { get; init; } = ImmutableDictionary<ObjectName, KubeObject>.Empty;
}

/// <summary>What a pod's claims mean for where it may run. The reasons are kube-scheduler's.</summary>
internal sealed class VolumeFit
{
    private readonly List<KubeObject> _bound = [];
    private readonly List<KubeObject> _waiting = [];
    private readonly VolumeObjects _objects;

    private VolumeFit(VolumeObjects objects) => _objects = objects;

    /// <summary>Why the pod can run nowhere; null when that depends on the node.</summary>
    public string? WhyNowhere { get; private init; }

    /// <summary>Claims that get their volume where the pod goes.</summary>
    public IReadOnlyList<KubeObject> Waiting => _waiting;

    public static VolumeFit Of(KubeObject pod, VolumeObjects objects)
    {
        var fit = new VolumeFit(objects);
        foreach (var name in PodRules.Claims(pod))
        {
            if (!objects.Claims.TryGetValue(name, out var claim)) return new(objects) { WhyNowhere = $"persistentvolumeclaim \"{name.Name}\" not found" };
            if (claim.Metadata.IsBeingDeleted) return new(objects) { WhyNowhere = $"persistentvolumeclaim \"{name.Name}\" is being deleted" };
            if (claim.Json.Text("status", "phase") == "Bound" && objects.PersistentVolumes.TryGetValue(new(null, claim.Json.Text("spec", "volumeName")), out var volume))
            {
                fit._bound.Add(volume);
                continue;
            }
            if (fit.ClassOf(claim)?.Json.Text("volumeBindingMode") != "WaitForFirstConsumer")
                return new(objects) { WhyNowhere = "pod has unbound immediate PersistentVolumeClaims" };
            fit._waiting.Add(claim);
        }
        return fit;
    }

    /// <summary>Null when every bound volume can be reached from the node, every waiting claim has not been promised to another, and where the
    /// driver publishes its capacity, each claim finds enough of it there.</summary>
    public string? WhyNot(KubeObject node)
    {
        foreach (var volume in _bound)
        {
            var required = volume.Json["spec"].At("nodeAffinity", "required");
            if (required is not null && !NodeFit.MatchesAnyTerm(required, node)) return "node(s) had volume node affinity conflict";
        }
        if (_waiting.Any(claim => SelectedNode(claim) is { } chosen && chosen != node.Name)) return "node(s) had volume node affinity conflict";
        return _waiting.Any(claim => SelectedNode(claim) is null && !HasCapacity(claim, node)) ? "node(s) did not have enough free storage" : null;
    }

    public static string? SelectedNode(KubeObject claim) => claim.Metadata.Annotations.GetValueOrDefault("volume.kubernetes.io/selected-node");

    private KubeObject? ClassOf(KubeObject claim) => _objects.StorageClasses.GetValueOrDefault(new(null, claim.Json.Text("spec", "storageClassName")));

    private bool HasCapacity(KubeObject claim, KubeObject node)
    {
        var driver = _objects.CsiDrivers.GetValueOrDefault(new(null, ClassOf(claim)!.Json.Text("provisioner")));
        if (driver is null || !driver.Json.Flag("spec", "storageCapacity")) return true;
        var asked = TopoLvm.Sizes.BytesOf(claim.Json.Text("spec", "resources", "requests", "storage"));
        return _objects.Capacities.Values.Any(one => one.Json.Text("storageClassName") == claim.Json.Text("spec", "storageClassName")
            && NodeFit.Selects(one.Json["nodeTopology"], node.Metadata) && one.Json.Text("capacity") is { Length: > 0 } capacity && TopoLvm.Sizes.BytesOf(capacity) >= asked);
    }
}
