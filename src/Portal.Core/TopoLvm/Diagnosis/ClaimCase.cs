using System.Collections.Immutable;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>How far a claim has come.</summary>
internal enum ClaimStage
{
    Missing,

    /// <summary>It has no volume yet.</summary>
    Unbound,

    /// <summary>It asks for more than it has.</summary>
    Growing,

    BeingDeleted,

    /// <summary>It has what it asks for.</summary>
    Bound,
}

/// <summary>A claim in a case, with everything that belongs to it.</summary>
internal sealed record ClaimCase(ObjectName Name, PersistentVolumeClaim? Claim)
{
    private const string SelectedNodeAnnotation = "volume.kubernetes.io/selected-node";

    public StorageClass? Class { get; init; }
    public PersistentVolume? PersistentVolume { get; init; }
    public LogicalVolume? LogicalVolume { get; init; }

    /// <summary>Pods that mount it.</summary>
    public ImmutableArray<Pod> Pods { get; init; } = [];

    public string Text => "PersistentVolumeClaim " + Name;

    public ClaimStage Stage => Claim switch
    {
        null => ClaimStage.Missing,
        { Metadata.IsBeingDeleted: true } => ClaimStage.BeingDeleted,
        _ when PersistentVolume is null => ClaimStage.Unbound,
        _ when Asked > Has => ClaimStage.Growing,
        _ => ClaimStage.Bound,
    };

    /// <summary>TopoLVM is to serve it, or does.</summary>
    public bool IsOurs => Names is not null;

    /// <summary>Of the TopoLVM that its volume or its class names; null when they name another driver, or none is known.</summary>
    public TopoLvmNames? Names => TopoLvmNames.All.FirstOrDefault(names => names.Provisioner == (PersistentVolume?.Spec.Csi?.Driver ?? Class?.Provisioner));

    /// <summary>"00default" where the class names none; null where the class is not known.</summary>
    public string? DeviceClass => Class is null || Names is not { } names ? null
        : Class.Parameters.GetValueOrDefault(names.DeviceClassParameter) is { Length: > 0 } named ? named : TopoLvmNames.DefaultClass;

    public bool IsImmediate => Class is { VolumeBindingMode: null or "" or "Immediate" };

    /// <summary>The node that a scheduler has chosen for a volume that is still to be made.</summary>
    public string? SelectedNode => Claim?.Metadata.Annotations.GetValueOrDefault(SelectedNodeAnnotation) is { Length: > 0 } node ? node : null;

    /// <summary>Where its volume is, or is to be made.</summary>
    public string? Node => LogicalVolume?.Spec.NodeName is { Length: > 0 } node ? node : SelectedNode;

    public long Asked => BytesIn(Claim?.Spec.Resources.Requests);

    public long Has => BytesIn(Claim?.Status.Capacity);

    public static ClaimCase Of(ObjectName name, Surroundings around)
    {
        if (around.Cluster.Claims.Items.GetValueOrDefault(name) is not { } claim) return new(name, null) { Pods = [.. around.UsersOf(name)] };
        var volume = around.PersistentVolume(claim.Spec.VolumeName);
        return new(name, claim)
        {
            Class = around.ClassOf(claim),
            PersistentVolume = volume,
            // A volume that is still being made has the name that its PersistentVolume will have.
            LogicalVolume = around.LogicalVolume(volume?.Metadata.Name ?? "pvc-" + claim.Metadata.Uid),
            Pods = [.. around.UsersOf(name)],
        };
    }

    private static long BytesIn(ImmutableDictionary<string, string>? amounts) => Quantity.TryParse(amounts?.GetValueOrDefault("storage"), out var size) ? size.Value : 0;
}
