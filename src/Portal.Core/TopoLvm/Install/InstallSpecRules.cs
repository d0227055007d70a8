using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

/// <summary>A field of the form that cannot be taken as it is.</summary>
/// <param name="Field">The property's name: "Namespace", "StorageClass.Name".</param>
public sealed record SpecProblem(string Field, Message Text);

/// <summary>The rules that the fields of an <see cref="InstallSpec"/> follow, before any cluster is asked.</summary>
public static partial class InstallSpecRules
{
    /// <summary>Every field that is wrong; empty when the spec can be planned.</summary>
    public static ImmutableArray<SpecProblem> Check(InstallSpec spec)
    {
        var problems = ImmutableArray.CreateBuilder<SpecProblem>();
        void Require(bool holds, string field, Message text)
        {
            if (!holds) problems.Add(new(field, text));
        }
        Require(spec.Profile() is not null, nameof(spec.ProfileId), InstallTexts.NoSuchProfile(spec.ProfileId));
        Require(spec.Namespace.Length <= 63 && DnsLabel().IsMatch(spec.Namespace), nameof(spec.Namespace), InstallTexts.BadNamespace(spec.Namespace));
        Require(spec.Namespace is not ("kube-system" or "kube-public" or "kube-node-lease" or "default"), nameof(spec.Namespace), InstallTexts.SystemNamespace(spec.Namespace));
        Require(spec.Registry is null || Registry().IsMatch(spec.Registry), nameof(spec.Registry), InstallTexts.BadRegistry(spec.Registry));
        Require(Directory().IsMatch(spec.KubeletDirectory) && !spec.KubeletDirectory.Contains("..", StringComparison.Ordinal),
            nameof(spec.KubeletDirectory), InstallTexts.BadKubeletDirectory(spec.KubeletDirectory));
        Require(spec.ControllerReplicas is null or (>= 1 and <= 9), nameof(spec.ControllerReplicas), InstallTexts.BadReplicas(spec.ControllerReplicas));
        CheckStorage(spec, Require);
        if (spec.NodeLabelKey is { } key)
            Require(LabelKey().IsMatch(key) && LabelValue().IsMatch(spec.NodeLabelValue), nameof(spec.NodeLabelKey), InstallTexts.BadNodeLabel(key, spec.NodeLabelValue));
        return problems.ToImmutable();
    }

    private static void CheckStorage(InstallSpec spec, Action<bool, string, Message> require)
    {
        var (storage, device) = (spec.StorageClass, spec.DeviceClass);
        require(storage.Name.Length <= 253 && DnsName().IsMatch(storage.Name), "StorageClass.Name", InstallTexts.BadStorageClassName(storage.Name));
        require(spec.Profile()?.FileSystems.Contains(storage.FileSystem) ?? true, "StorageClass.FileSystem", InstallTexts.BadFileSystem(storage.FileSystem));
        require(storage.ReclaimPolicy is "Delete" or "Retain", "StorageClass.ReclaimPolicy", InstallTexts.BadReclaimPolicy(storage.ReclaimPolicy));
        require(storage.BindingMode is "WaitForFirstConsumer" or "Immediate", "StorageClass.BindingMode", InstallTexts.BadBindingMode(storage.BindingMode));
        require(device.Name.Length <= 63 && DeviceClass().IsMatch(device.Name), "DeviceClass.Name", InstallTexts.BadDeviceClass(device.Name));
        require(device.VolumeGroup.Length <= 127 && VolumeGroup().IsMatch(device.VolumeGroup), "DeviceClass.VolumeGroup", InstallTexts.BadVolumeGroup(device.VolumeGroup));
        require(device.SpareGb is null or >= 0, "DeviceClass.SpareGb", InstallTexts.BadSpare(device.SpareGb));
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex DnsName();

    [GeneratedRegex(@"^[A-Za-z0-9][-A-Za-z0-9.]*(:[0-9]{1,5})?(/[a-z0-9][-a-z0-9._]*)*/?$")]
    private static partial Regex Registry();

    [GeneratedRegex("^(/[-A-Za-z0-9._]+)+$")]
    private static partial Regex Directory();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex LabelKey();

    [GeneratedRegex("^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex LabelValue();

    // lvmd's own rule for names of device classes.
    [GeneratedRegex("^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$")]
    private static partial Regex DeviceClass();

    // lvm(8): these characters, not beginning with a hyphen, and not "." or "..".
    [GeneratedRegex(@"^(?!\.{1,2}$)[A-Za-z0-9+_.][-A-Za-z0-9+_.]*$")]
    private static partial Regex VolumeGroup();
}
