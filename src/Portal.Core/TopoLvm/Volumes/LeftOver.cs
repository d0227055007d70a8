using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>Something left over that a person wants to be gone, as it was when they decided.</summary>
/// <param name="Group">"topolvm.cybozu.com" or "topolvm.io".</param>
/// <param name="PersistentVolume">Its name; null where there is none.</param>
/// <param name="PersistentVolumeUid">"" where there is none.</param>
/// <param name="LogicalVolume">Its name; null where there is none.</param>
/// <param name="LogicalVolumeUid">"" where there is none.</param>
public sealed record LeftOver(OrphanKind Kind, string Group, string? PersistentVolume, string PersistentVolumeUid, string? LogicalVolume, string LogicalVolumeUid)
{
    public string Name => PersistentVolume ?? LogicalVolume ?? "";

    /// <summary>Null for a volume that is not left over.</summary>
    public static LeftOver? Of(Volume volume) => volume.Orphan is not { } kind ? null : new(kind, volume.Names.Group,
        volume.PersistentVolume?.Metadata.Name, volume.PersistentVolume?.Metadata.Uid ?? "", volume.LogicalVolume?.Metadata.Name, volume.LogicalVolume?.Metadata.Uid ?? "");

    internal KubeKind<Kubernetes.Kinds.LogicalVolume> LogicalVolumeKind => Kubernetes.Kinds.LogicalVolume.KindIn(Group);
}
