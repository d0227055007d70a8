using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>A TopoLVM that stands before an install, read from its workloads' documents.</summary>
/// <param name="Version">From the image's tag, else the label; null when neither says.</param>
public sealed record FoundInstall(string Namespace, TopoLvmNames Names, string? Version, InstallationOrigin Origin)
{
    /// <summary>One per namespace and group.</summary>
    public static IEnumerable<FoundInstall> In(ClusterFacts facts) =>
        facts.Workloads.GroupBy(workload => workload.Namespace ?? "").Select(Of).OfType<FoundInstall>();

    private static FoundInstall? Of(IGrouping<string, KubeObject> workloads)
    {
        var containers = workloads.SelectMany(workload => (workload.Json["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? []).OfType<JsonObject>()).ToArray();
        var main = containers.FirstOrDefault(container => (string?)container["name"] is "topolvm-controller" or "topolvm-node");
        if (main is null) return null;
        var first = workloads.OrderByDescending(workload => workload.Kind == "Deployment").First();
        var image = (string?)main["image"] ?? "";
        var tag = image.Split('/')[^1].Split(':') is [_, var found] ? found.TrimStart('v') : null;
        var version = System.Version.TryParse(tag, out _) ? tag : first.Metadata.Labels.GetValueOrDefault("app.kubernetes.io/version");
        return new(workloads.Key, GroupOf(containers, version), version, OriginOf(first, image));
    }

    private static TopoLvmNames GroupOf(JsonObject[] containers, string? version)
    {
        var words = containers.SelectMany(container => (container["command"] as JsonArray ?? []).Concat(container["args"] as JsonArray ?? [])).Select(word => (string?)word ?? "").ToArray();
        var named = TopoLvmNames.All.FirstOrDefault(names => words.Any(word => word.Contains($"/plugins/{names.Group}/", StringComparison.Ordinal)));
        if (named is not null) return named;
        var legacy = containers.Any(container => (container["env"] as JsonArray ?? []).Any(variable => (string?)variable?["name"] == "USE_LEGACY"));
        // The group was renamed in 0.16.
        var old = System.Version.TryParse(version, out var parsed) && parsed < new Version(0, 16);
        return legacy || old ? TopoLvmNames.Legacy : TopoLvmNames.Current;
    }

    private static InstallationOrigin OriginOf(KubeObject workload, string image) => workload switch
    {
        _ when workload.IsAppliedByPortal() => InstallationOrigin.Portal,
        _ when workload.IsHelmManaged() => InstallationOrigin.Helm,
        _ when image.Contains("superedge", StringComparison.Ordinal) => InstallationOrigin.Edgeadm,
        _ => InstallationOrigin.Other,
    };
}
