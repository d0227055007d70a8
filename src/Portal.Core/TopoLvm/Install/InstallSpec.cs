using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>How pods are brought to nodes with enough free space.</summary>
public enum SchedulingMode
{
    /// <summary>kube-scheduler asks topolvm-scheduler, and a webhook marks the pods. Needs kube-scheduler's own configuration.</summary>
    Extender,

    /// <summary>csi-provisioner publishes CSIStorageCapacity objects, which kube-scheduler reads by itself.</summary>
    CapacityTracking,
}

/// <summary>What a person asks for when TopoLVM is installed: the form, and the journal's copy of it. Holds no secret.</summary>
public sealed record InstallSpec
{
    public const string DefaultNamespace = "topolvm-system";

    /// <summary>A built-in profile; with <see cref="CustomManifests"/>, the one the custom YAML was made from.</summary>
    public string ProfileId { get; init; } = "superedge-0.10.0";

    /// <summary>Name of the custom profile; null for a built-in one.</summary>
    public string? CustomName { get; init; }

    /// <summary>YAML in place of the profile's own; null for a built-in one.</summary>
    public string? CustomManifests { get; init; }

    public string Namespace { get; init; } = DefaultNamespace;

    /// <summary>Registry in place of each image's own, with an optional path: "harbor.site:5000/mirror". Null keeps the images' registries.</summary>
    public string? Registry { get; init; }

    public string KubeletDirectory { get; init; } = "/var/lib/kubelet";

    /// <summary>Null takes the profile's number.</summary>
    public int? ControllerReplicas { get; init; }

    public SchedulingMode Scheduling { get; init; }
    public StorageClassSpec StorageClass { get; init; } = new();
    public DeviceClassSpec DeviceClass { get; init; } = new();

    /// <summary>Nodes with this label get lvmd and topolvm-node; null means every node.</summary>
    public string? NodeLabelKey { get; init; } = TopoLvmNodeLabel.Key;

    public string NodeLabelValue { get; init; } = TopoLvmNodeLabel.Value;

    /// <summary>The first choice for a cluster: the profile made for its version, and the scheduling mode that needs the least by hand.</summary>
    public static InstallSpec For(InstallProfile profile, ApiResources api) => new()
    {
        ProfileId = profile.Id,
        Scheduling = profile.AlwaysWebhook || SchedulingChoice.WhyNot(SchedulingMode.CapacityTracking, profile, api) is not null
            ? SchedulingMode.Extender : SchedulingMode.CapacityTracking,
    };

    /// <summary>The profile that is meant, with the custom YAML in place; null when the portal has no such profile.</summary>
    public InstallProfile? Profile() =>
        InstallProfile.Find(ProfileId) is not { } profile ? null
        : CustomManifests is null ? profile : profile with { Manifests = CustomManifests };

    public string ToJson() => InstallJson.Write(this);

    public static InstallSpec FromJson(string json) => InstallJson.Read<InstallSpec>(json);
}

/// <summary>The node label of SuperEdge that enables a node for TopoLVM.</summary>
public static class TopoLvmNodeLabel
{
    public const string Key = "superedge.io/local.pv";
    public const string Value = "topolvm";
}

/// <summary>The first StorageClass.</summary>
public sealed record StorageClassSpec
{
    public string Name { get; init; } = "topolvm-provisioner";
    public string FileSystem { get; init; } = "xfs";

    /// <summary>Delete or Retain.</summary>
    public string ReclaimPolicy { get; init; } = "Delete";

    /// <summary>WaitForFirstConsumer or Immediate.</summary>
    public string BindingMode { get; init; } = "WaitForFirstConsumer";

    public bool AllowExpansion { get; init; } = true;
    public bool IsDefault { get; init; }
}

/// <summary>The device class of the first lvmd.yaml.</summary>
public sealed record DeviceClassSpec
{
    public string Name { get; init; } = "ssd";
    public string VolumeGroup { get; init; } = "myvg1";

    /// <summary>GiB held back from the scheduler; null takes the profile's number.</summary>
    public int? SpareGb { get; init; }
}
