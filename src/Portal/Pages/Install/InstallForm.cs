using Portal.Core.TopoLvm.Install;
using Portal.Profiles;

namespace Portal.Pages.Install;

/// <summary>The install form while somebody fills it in; <see cref="ToSpec"/> is what it says.</summary>
public sealed class InstallForm
{
    public string ProfileId { get; set; } = "superedge-0.10.0";
    public string? CustomName { get; set; }
    public string Namespace { get; set; } = InstallSpec.DefaultNamespace;
    public string Registry { get; set; } = "";
    public SchedulingMode Scheduling { get; set; }
    public string DeviceClass { get; set; } = "";
    public string VolumeGroup { get; set; } = "";
    public int? SpareGb { get; set; }
    public string StorageClass { get; set; } = "";
    public string FileSystem { get; set; } = "";
    public string ReclaimPolicy { get; set; } = "";
    public string BindingMode { get; set; } = "";
    public bool AllowExpansion { get; set; }
    public bool IsDefaultClass { get; set; }
    public string KubeletDirectory { get; set; } = "";
    public int? Replicas { get; set; }
    public bool LabelledNodesOnly { get; set; }
    public string NodeLabelKey { get; set; } = "";
    public string NodeLabelValue { get; set; } = "";

    public static InstallForm From(InstallSpec spec) => new()
    {
        ProfileId = spec.ProfileId,
        CustomName = spec.CustomName,
        Namespace = spec.Namespace,
        Registry = spec.Registry ?? "",
        Scheduling = spec.Scheduling,
        DeviceClass = spec.DeviceClass.Name,
        VolumeGroup = spec.DeviceClass.VolumeGroup,
        SpareGb = spec.DeviceClass.SpareGb,
        StorageClass = spec.StorageClass.Name,
        FileSystem = spec.StorageClass.FileSystem,
        ReclaimPolicy = spec.StorageClass.ReclaimPolicy,
        BindingMode = spec.StorageClass.BindingMode,
        AllowExpansion = spec.StorageClass.AllowExpansion,
        IsDefaultClass = spec.StorageClass.IsDefault,
        KubeletDirectory = spec.KubeletDirectory,
        Replicas = spec.ControllerReplicas,
        LabelledNodesOnly = spec.NodeLabelKey is not null,
        NodeLabelKey = spec.NodeLabelKey ?? TopoLvmNodeLabel.Key,
        NodeLabelValue = spec.NodeLabelValue,
    };

    /// <param name="custom">The profiles of this portal; the one that was chosen brings its YAML.</param>
    public InstallSpec ToSpec(CustomProfileList custom) => new()
    {
        ProfileId = custom.Find(CustomName)?.BasedOn ?? ProfileId,
        CustomName = custom.Find(CustomName)?.Name,
        CustomManifests = custom.Find(CustomName)?.Yaml,
        Namespace = Namespace.Trim(),
        Registry = string.IsNullOrWhiteSpace(Registry) ? null : Registry.Trim(),
        Scheduling = Scheduling,
        DeviceClass = new() { Name = DeviceClass.Trim(), VolumeGroup = VolumeGroup.Trim(), SpareGb = SpareGb },
        StorageClass = new()
        {
            Name = StorageClass.Trim(),
            FileSystem = FileSystem,
            ReclaimPolicy = ReclaimPolicy,
            BindingMode = BindingMode,
            AllowExpansion = AllowExpansion,
            IsDefault = IsDefaultClass,
        },
        KubeletDirectory = KubeletDirectory.Trim(),
        ControllerReplicas = Replicas,
        NodeLabelKey = LabelledNodesOnly ? NodeLabelKey.Trim() : null,
        NodeLabelValue = NodeLabelValue.Trim(),
    };
}
