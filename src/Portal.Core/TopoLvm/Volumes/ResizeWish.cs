using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Volumes;

/// <summary>One volume that a person wants larger, as it was when they decided.</summary>
/// <param name="Uid">Of the claim: one of the same name that came later is another.</param>
/// <param name="From">What the claim asked for, as it was written there.</param>
/// <param name="To">A quantity: "20Gi".</param>
public sealed record ResizeWish(string Namespace, string Name, string Uid, string From, string To)
{
    public ObjectName ObjectName => new(Namespace, Name);

    public static ResizeWish Of(Volume volume, Quantity to) =>
        new(volume.Name.Namespace ?? "", volume.Name.Name, volume.Claim!.Metadata.Uid, volume.RequestText ?? "0", to.ToString());
}
