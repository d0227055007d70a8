using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Install;

/// <summary>Which scheduling modes a profile and a cluster allow.</summary>
public static class SchedulingChoice
{
    /// <summary>Null when the mode can be chosen, else the sentence that says why not.</summary>
    public static Message? WhyNot(SchedulingMode mode, InstallProfile profile, ApiResources api)
    {
        if (mode == SchedulingMode.Extender || api.Serves(profile.CapacityApi, "CSIStorageCapacity")) return null;
        return InstallTexts.CapacityTrackingNotServed(profile.TopoLvmVersion, profile.CapacityApi, api.Version);
    }

    /// <summary>What remains to be done by hand for a mode; null when nothing.</summary>
    public static Message? ByHand(SchedulingMode mode, ApiResources api) => mode switch
    {
        SchedulingMode.CapacityTracking => null,
        _ when api.Version.IsAtLeast(1, 23) => InstallTexts.ExtenderByConfiguration,
        _ => InstallTexts.ExtenderByPolicy,
    };
}
