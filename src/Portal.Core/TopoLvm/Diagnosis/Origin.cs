using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>What a claim is to be a copy of.</summary>
/// <param name="Snapshot">Null where it copies a claim, or the snapshot is missing.</param>
/// <param name="Volume">The LogicalVolume that is copied; null where it cannot be found.</param>
internal sealed record Origin(string Kind, ObjectName Name, VolumeSnapshot? Snapshot, LogicalVolume? Volume)
{
    public string Text => $"{Kind} {Name}";

    public bool IsSnapshot => Kind == "VolumeSnapshot";

    public string? Node => Volume?.Spec.NodeName;

    /// <summary>Of the origin; null where it is not known.</summary>
    public string? DeviceClass => Volume is null ? null : Volume.Spec.DeviceClass.Length == 0 ? TopoLvmNames.DefaultClass : Volume.Spec.DeviceClass;

    /// <summary>Null where lvmd.yaml of its node does not tell.</summary>
    public bool? IsThick { get; private init; }

    public static Origin Of(ClaimCase copy, Surroundings around)
    {
        var source = copy.Claim!.Spec.DataSource!;
        var name = new ObjectName(copy.Name.Namespace, source.Name ?? "");
        if (source.Kind != "VolumeSnapshot") return Found(new("PersistentVolumeClaim", name, null, ClaimCase.Of(name, around).LogicalVolume), around);
        var snapshot = around.Cluster.VolumeSnapshots.Items.GetValueOrDefault(name);
        var made = snapshot is null ? null : around.LogicalVolume("snapshot-" + snapshot.Metadata.Uid);
        var taken = snapshot?.Spec.Source.PersistentVolumeClaimName is { } claim ? ClaimCase.Of(new(name.Namespace, claim), around).LogicalVolume : null;
        return Found(new("VolumeSnapshot", name, snapshot, made ?? taken), around);
    }

    private static Origin Found(Origin origin, Surroundings around) => origin with
    {
        IsThick = origin.Node is { } node && around.Lvmd(node)?.Group.Config.Find(origin.Volume!.Spec.DeviceClass) is { } config ? !config.IsThin : null,
    };
}
