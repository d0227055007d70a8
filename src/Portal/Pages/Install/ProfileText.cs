using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;

namespace Portal.Pages.Install;

/// <summary>How profiles read.</summary>
public static class ProfileText
{
    public static string NameOf(InstallProfile profile) => profile.Id switch
    {
        "superedge-0.10.0" => InstallPageTexts.ProfileSuperEdge,
        "upstream-0.41.0" => InstallPageTexts.ProfileUpstream,
        "upstream-0.41.0-legacy" => InstallPageTexts.ProfileLegacy,
        _ => profile.Id,
    };

    public static string Describe(InstallProfile profile, ApiResources api) => profile.Kubernetes.Holds(api.Version)
        ? InstallPageTexts.ProfileFits(profile.Names.Group, profile.Kubernetes.From, profile.Kubernetes.To)
        : InstallPageTexts.ProfileOutside(profile.Names.Group, profile.Kubernetes.From, profile.Kubernetes.To, api.Version);
}
