namespace Portal.Core.TopoLvm.Nodes.Setup;

/// <summary>The steps from a disk to storage, in the only order that works.</summary>
public enum SetupPart
{
    Disk,
    VolumeGroup,
    DeviceClass,
    Label,
    Verification,
}
