using Portal.Components;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;

namespace Portal.Pages.Volumes;

/// <summary>How volumes read.</summary>
public static class VolumeWords
{
    public static BadgeTone ToneOf(VolumeStateKind kind) => kind switch
    {
        VolumeStateKind.InUse or VolumeStateKind.Ready => BadgeTone.Good,
        VolumeStateKind.Provisioning or VolumeStateKind.Expanding or VolumeStateKind.Deleting or VolumeStateKind.Releasing => BadgeTone.Busy,
        VolumeStateKind.WaitingForConsumer => BadgeTone.Quiet,
        VolumeStateKind.ExpansionWaiting or VolumeStateKind.NodeOffline or VolumeStateKind.Retained or VolumeStateKind.LeftOver => BadgeTone.Warn,
        _ => BadgeTone.Bad,
    };

    /// <summary>A number of bytes, or a dash where there is none.</summary>
    public static string Size(long? bytes) => bytes is { } known ? ByteText.Format(known) : "–";

    public static string ClassOf(Volume volume) => volume.DeviceClass.Length > 0 ? volume.DeviceClass : VolumesTexts.DefaultClass;

    public static string KindOf(Volume volume) => volume.FileSystem ?? VolumesTexts.Block;

    /// <summary>The volume's own page; null for one without a claim.</summary>
    public static string? PageOf(ObjectName name) =>
        name.Namespace is null ? null : $"/volumes/{Uri.EscapeDataString(name.Namespace)}/{Uri.EscapeDataString(name.Name)}";
}
