using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Core.TopoLvm.Diagnosis.Causes;

/// <summary>A device class that volumes or a StorageClass still use is no longer in lvmd.yaml, while nodes still publish it: TopoLVM never takes an
/// annotation back.</summary>
internal sealed class DeviceClassRenamed : ICause
{
    public IEnumerable<Finding> Find(Case one)
    {
        foreach (var volume in one.LogicalVolumes)
        {
            if (volume.Spec.DeviceClass.Length == 0 || GroupWithout(one, volume.Spec.NodeName, volume.Spec.DeviceClass) is not { } group) continue;
            yield return Of(volume.Spec.DeviceClass, group, Witness.Of("LogicalVolume", volume.Metadata.ObjectName, DiagnosisTexts.UsesDeviceClass(volume.Spec.DeviceClass), volume.Metadata.CreationTimestamp));
        }
        foreach (var claim in one.Claims.Where(claim => claim is { Stage: ClaimStage.Unbound, IsOurs: true, LogicalVolume: null }))
        {
            var deviceClass = Room.FileName(claim.DeviceClass!);
            if (deviceClass.Length == 0 || HasStaleAnnotation(one, claim) is not { } node || GroupWithout(one, node, deviceClass) is not { } group) continue;
            if (one.Around.Storage.LvmdGroups.Any(other => other.Config.Find(deviceClass) is not null)) continue;
            yield return Of(deviceClass, group, Witness.Of("StorageClass", claim.Class!.Metadata.ObjectName, DiagnosisTexts.UsesDeviceClass(deviceClass), claim.Class.Metadata.CreationTimestamp));
        }
    }

    private static string? HasStaleAnnotation(Case one, ClaimCase claim) => claim.SelectedNode
        ?? one.Around.Cluster.Nodes.Items.Values.Where(node => one.Around.Published(node, claim.DeviceClass!) is not null && one.Around.Lvmd(node.Metadata.Name) is not null)
            .Select(node => node.Metadata.Name).Order(StringComparer.Ordinal).FirstOrDefault();

    private static LvmdGroup? GroupWithout(Case one, string node, string deviceClass) =>
        one.Around.Lvmd(node) is { Group: { Yaml: not null, Reading.IsReadable: true } group } && group.Config.Find(deviceClass) is null ? group : null;

    private static Finding Of(string deviceClass, LvmdGroup group, Evidence user) =>
        new(nameof(DeviceClassRenamed), DiagnosisTexts.DeviceClassRenamed(deviceClass, group.ConfigMapObject), DiagnosisTexts.DeviceClassRenamedRemedy(deviceClass))
        {
            Place = new(MendingPage.DeviceClasses),
            Evidence = [user, Witness.Of("ConfigMap", group.ConfigMapObject, DiagnosisTexts.FileHasClasses(string.Join(", ", group.Config.DeviceClasses.Select(one => one.Name))))],
        };
}
