using System.Collections.Immutable;
using Portal.Core.Cluster;

namespace Portal.Core.TopoLvm;

// A TopoLVM that stands in the cluster, as the cluster shows it, whoever put it there. Workloads are recognised by the
// containers they run, because names and labels differ between edgeadm, Helm and the portal.

public enum InstallationOrigin
{
    Portal,
    Edgeadm,
    Helm,

    /// <summary>Applied by hand, or by a tool the portal does not know.</summary>
    Other,
}

/// <summary>A TopoLVM found in the cluster: which, where, from whom, and how its parts are.</summary>
/// <param name="Version">As the controller's label or image says it: "0.10.0"; null when neither does.</param>
/// <param name="Namespace">Where its workloads run; null when only cluster-scoped parts are left.</param>
public sealed record Installation(
    TopoLvmNames Names, string? Version, string? Namespace, InstallationOrigin Origin, ImmutableArray<Component> Components)
{
    /// <summary>Every part a working TopoLVM needs is there and ready.</summary>
    public bool IsReady => IsComplete && Components.All(component => component.Health is ComponentHealth.Ready or ComponentHealth.Idle);

    /// <summary>Controller, lvmd and node are all there, ready or not.</summary>
    public bool IsComplete =>
        Has(ComponentRole.Controller) && Has(ComponentRole.Node) && (Has(ComponentRole.Lvmd) || Find(ComponentRole.Node)!.EmbedsLvmd) && HasDriver;

    /// <summary>The CSIDriver object stands; without it every TopoLVM pod fails its liveness probe.</summary>
    public bool HasDriver { get; init; }

    /// <summary>As <see cref="Component.SkipsNodeFinalize"/>.</summary>
    public bool SkipsNodeFinalize => Components.Any(component => component.SkipsNodeFinalize);

    public Component? Find(ComponentRole role) => Components.FirstOrDefault(component => component.Role == role);

    /// <summary>The installation in a cluster, or null when no workload and no driver of TopoLVM is there. Where both groups have one, the one
    /// with a controller is meant.</summary>
    public static Installation? Find(ClusterSnapshot cluster) =>
        TopoLvmNames.All.Select(names => Find(cluster, names)).Where(found => found is not null)
            .OrderByDescending(found => found!.Has(ComponentRole.Controller)).ThenByDescending(found => found!.Components.Length).FirstOrDefault();

    private bool Has(ComponentRole role) => Find(role) is not null;

    private static Installation? Find(ClusterSnapshot cluster, TopoLvmNames names)
    {
        var components = Component.FindAll(cluster).Where(component => component.Group is null || component.Group == names.Group).ToImmutableArray();
        var hasDriver = cluster.CsiDrivers.Items.ContainsKey(new(null, names.Provisioner));
        var isOfThisGroup = hasDriver || components.Any(component => component.Group == names.Group);
        if (!isOfThisGroup) return null;
        var main = components.FirstOrDefault(component => component.Role == ComponentRole.Controller) ?? components.FirstOrDefault();
        return new(names, main?.Version, main?.Workload.Namespace, OriginOf(main), components) { HasDriver = hasDriver };
    }

    private static InstallationOrigin OriginOf(Component? main) => main switch
    {
        null => InstallationOrigin.Other,
        { ManagedBy: "topolvm-portal" } => InstallationOrigin.Portal,
        { ManagedBy: "Helm" } => InstallationOrigin.Helm,
        { Image: var image } when image.Contains("superedge", StringComparison.Ordinal) => InstallationOrigin.Edgeadm,
        _ => InstallationOrigin.Other,
    };
}
