using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>What a person asks for when a snapshot is made.</summary>
public sealed record SnapshotSpec
{
    public string Namespace { get; init; } = "";
    public string Claim { get; init; } = "";
    public string Name { get; init; } = "";
    public string SnapshotClass { get; init; } = "";

    /// <summary>As <see cref="VolumeSpec.Mark"/>.</summary>
    public string Mark { get; init; } = Guid.NewGuid().ToString("N");

    public ObjectName ObjectName => new(Namespace, Name);

    public KubeObject ToDocument() => new(new JsonObject
    {
        ["apiVersion"] = Kubernetes.Kinds.VolumeSnapshot.Kind.ApiVersion,
        ["kind"] = "VolumeSnapshot",
        ["metadata"] = new JsonObject { ["namespace"] = Namespace, ["name"] = Name, ["annotations"] = new JsonObject { [VolumeSpec.MarkAnnotation] = Mark } },
        ["spec"] = new JsonObject { ["volumeSnapshotClassName"] = SnapshotClass, ["source"] = new JsonObject { ["persistentVolumeClaimName"] = Claim } },
    });
}
