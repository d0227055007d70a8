using System.Collections.Immutable;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>Looks at a cluster before an install and says what stands in the way, each with the way out.</summary>
public static class Preflight
{
    /// <summary>Every check, asking the API server only for the person's permissions.</summary>
    public static async Task<ImmutableArray<PreflightCheck>> CheckAsync(KubeClient client, InstallPlan plan, ClusterFacts facts, CancellationToken cancel) =>
        Check(plan, facts, await PermissionReview.MissingAsync(client, plan, cancel));

    /// <summary>Every check from what is known; in the order a person would go through them.</summary>
    public static ImmutableArray<PreflightCheck> Check(InstallPlan plan, ClusterFacts facts, ImmutableArray<AccessRight> missing) =>
    [
        Profile(plan), Version(plan, facts), Permissions(missing), .. ExistingChecks.Of(plan, facts), Scheduling(plan, facts), Snapshots(plan, facts),
        ControlPlane(plan, facts), Replicas(plan, facts), Architecture(plan, facts), LabelledNodes(plan, facts), DefaultClass(plan, facts), KubeletDirectory(plan),
    ];

    private static PreflightCheck Profile(InstallPlan plan) => plan.Problems is [var first, ..]
        ? new("profile", CheckState.Blocker, first.WithPlace, PreflightTexts.FixProfile)
        : new("profile", CheckState.Ok, PreflightTexts.ProfileOk(plan.Spec.CustomName ?? plan.Profile.Id, plan.Objects.Length, plan.LeftOut.Length));

    private static PreflightCheck Version(InstallPlan plan, ClusterFacts facts)
    {
        var (version, range) = (facts.Api.Version, plan.Profile.Kubernetes);
        return range.Holds(version)
            ? new("kubernetes-version", CheckState.Ok, PreflightTexts.VersionOk(version, plan.Profile.TopoLvmVersion))
            : new("kubernetes-version", CheckState.Warning, PreflightTexts.VersionOutside(version, plan.Profile.TopoLvmVersion, range.From, range.To), PreflightTexts.VersionRemedy);
    }

    private static PreflightCheck Permissions(ImmutableArray<AccessRight> missing) => missing.IsEmpty
        ? new("permissions", CheckState.Ok, PreflightTexts.PermissionsOk)
        : new("permissions", CheckState.Blocker,
            PreflightTexts.PermissionsMissing(string.Join("; ", missing.Take(5)), missing.Length), PreflightTexts.PermissionsRemedy);

    private static PreflightCheck Scheduling(InstallPlan plan, ClusterFacts facts)
    {
        if (SchedulingChoice.WhyNot(plan.Spec.Scheduling, plan.Profile, facts.Api) is { } whyNot) return new("scheduling", CheckState.Blocker, whyNot);
        return SchedulingChoice.ByHand(plan.Spec.Scheduling, facts.Api) is { } byHand
            ? new("scheduling", CheckState.Warning, PreflightTexts.SchedulingByExtender, byHand)
            : new("scheduling", CheckState.Ok, PreflightTexts.SchedulingByCapacity);
    }

    private static PreflightCheck Snapshots(InstallPlan plan, ClusterFacts facts)
    {
        var served = facts.Api.Serves("snapshot.storage.k8s.io/v1", "VolumeSnapshot");
        if (served || plan.Profile.TopoLvmVersion == "0.10.0") return new("snapshots", CheckState.Ok, served ? PreflightTexts.SnapshotsOk : PreflightTexts.SnapshotsNotUsed);
        return new("snapshots", CheckState.Warning, PreflightTexts.SnapshotsMissing, InstallTexts.NoSnapshots);
    }

    private static PreflightCheck ControlPlane(InstallPlan plan, ClusterFacts facts)
    {
        var nodes = facts.ControlPlaneNodes.ToArray();
        if (nodes.Length > 0) return new("control-plane", CheckState.Ok, PreflightTexts.ControlPlaneOk(nodes.Length));
        var needed = plan.Profile.ControllerOnControlPlane || plan.Spec.Scheduling == SchedulingMode.Extender;
        return needed
            ? new("control-plane", CheckState.Blocker, PreflightTexts.ControlPlaneMissing, PreflightTexts.ControlPlaneRemedy)
            : new("control-plane", CheckState.Ok, PreflightTexts.ControlPlaneNotNeeded);
    }

    private static PreflightCheck Replicas(InstallPlan plan, ClusterFacts facts)
    {
        var wanted = plan.Spec.ControllerReplicas ?? plan.Profile.Replicas;
        var candidates = plan.Profile.ControllerOnControlPlane ? facts.ControlPlaneNodes : facts.Nodes.Where(node => !node.Spec.Taints.Any(taint => taint.Effect is "NoSchedule" or "NoExecute"));
        var room = candidates.Count(node => !node.Spec.Unschedulable);
        // Each replica needs a node of its own; without any candidate the control-plane check speaks.
        return wanted <= room || (room == 0 && plan.Profile.ControllerOnControlPlane)
            ? new("replicas", CheckState.Ok, PreflightTexts.ReplicasOk(wanted))
            : new("replicas", CheckState.Blocker, PreflightTexts.ReplicasTooMany(wanted, room), PreflightTexts.ReplicasRemedy(Math.Max(room, 1)));
    }

    private static PreflightCheck Architecture(InstallPlan plan, ClusterFacts facts)
    {
        // Upstream builds images for other processors from 0.17 on.
        var other = plan.Profile.TopoLvmVersion != "0.10.0" ? null : facts.Nodes.FirstOrDefault(node => node.Status.NodeInfo is { Architecture: not ("amd64" or "") });
        return other is null
            ? new("architecture", CheckState.Ok, PreflightTexts.ArchitectureOk)
            : new("architecture", CheckState.Warning, PreflightTexts.ArchitectureOther(other.Metadata.Name, other.Status.NodeInfo!.Architecture), PreflightTexts.ArchitectureRemedy);
    }

    private static PreflightCheck LabelledNodes(InstallPlan plan, ClusterFacts facts)
    {
        var group = plan.Spec.DeviceClass.VolumeGroup;
        var prefix = plan.Profile.Names.CapacityAnnotationPrefix;
        var chosen = plan.Spec.NodeLabelKey is { } key
            ? facts.Nodes.Where(node => node.Metadata.Labels.GetValueOrDefault(key) == plan.Spec.NodeLabelValue)
            : facts.Nodes;
        // A node that has reported capacity had its volume groups when it did.
        var unknown = chosen.Where(node => !node.Metadata.Annotations.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal))).Select(node => node.Metadata.Name).ToArray();
        if (unknown.Length > 0) return new("nodes", CheckState.Warning, PreflightTexts.NodesUnknown(string.Join(", ", unknown), group), PreflightTexts.NodesRemedy(group));
        return chosen.Any() ? new("nodes", CheckState.Ok, PreflightTexts.NodesOk(chosen.Count())) : new("nodes", CheckState.Ok, PreflightTexts.NodesNone);
    }

    private static PreflightCheck DefaultClass(InstallPlan plan, ClusterFacts facts)
    {
        const string annotation = "storageclass.kubernetes.io/is-default-class";
        var other = facts.StorageClasses.FirstOrDefault(found => found.Metadata.Name != plan.Spec.StorageClass.Name && found.Metadata.Annotations.GetValueOrDefault(annotation) == "true");
        return plan.Spec.StorageClass.IsDefault && other is not null
            ? new("default-class", CheckState.Warning, PreflightTexts.DefaultClassTwice(other.Metadata.Name, plan.Spec.StorageClass.Name), PreflightTexts.DefaultClassRemedy(other.Metadata.Name))
            : new("default-class", CheckState.Ok, PreflightTexts.DefaultClassOk);
    }

    private static PreflightCheck KubeletDirectory(InstallPlan plan) => plan.Spec.KubeletDirectory == "/var/lib/kubelet"
        ? new("kubelet-directory", CheckState.Ok, PreflightTexts.KubeletDirectoryUsual)
        : new("kubelet-directory", CheckState.Warning, PreflightTexts.KubeletDirectoryOther(plan.Spec.KubeletDirectory), PreflightTexts.KubeletDirectoryRemedy);
}
