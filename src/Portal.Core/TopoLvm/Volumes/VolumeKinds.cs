using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>Kinds as the documents that are written.</summary>
internal static class VolumeKinds
{
    public static readonly KubeKind<KubeObject> Claims = Of(PersistentVolumeClaim.Kind);
    public static readonly KubeKind<KubeObject> Snapshots = Of(VolumeSnapshot.Kind);
    public static readonly KubeKind<KubeObject> SnapshotContents = new(VolumeSnapshot.Group, "v1", "volumesnapshotcontents", "VolumeSnapshotContent", false, KubeJson.Of<KubeObject>());

    private static KubeKind<KubeObject> Of(KubeKind kind) => new(kind.Group, kind.Version, kind.Plural, kind.Kind, kind.Namespaced, KubeJson.Of<KubeObject>());
}
