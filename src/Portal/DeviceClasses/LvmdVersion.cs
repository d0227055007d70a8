using System.Collections.Immutable;
using Portal.Core.Kubernetes;

namespace Portal.DeviceClasses;

/// <summary>A text that an lvmd.yaml has had.</summary>
/// <param name="At">When the portal saw it first.</param>
/// <param name="By">Who saved it here; null when it came from elsewhere.</param>
public sealed record LvmdVersion(long Id, ObjectName ConfigMap, DateTimeOffset At, string? By, string Text);

/// <summary>The versions of every lvmd.yaml, newest first.</summary>
public sealed record LvmdVersions(ImmutableArray<LvmdVersion> All)
{
    public IEnumerable<LvmdVersion> Of(ObjectName configMap) => All.Where(version => version.ConfigMap == configMap);
}
