using System.Collections.Immutable;

namespace Portal.Core.Kubernetes;

/// <summary>The version of an API server, from <c>/version</c>.</summary>
public sealed record ServerVersion(int Major, int Minor, string GitVersion)
{
    public bool IsAtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    public override string ToString() => GitVersion;
}

/// <summary>What an API server serves, by discovery: the ground on which API versions of manifests are chosen.</summary>
public sealed record ApiResources(ServerVersion Version, ImmutableArray<KubeKind<KubeObject>> Kinds)
{
    public static readonly ApiResources None = new(new ServerVersion(0, 0, ""), []);

    public bool Serves(string apiVersion, string kind) => Find(apiVersion, kind) is not null;

    /// <summary>The kind under exactly that apiVersion, or null when it is not served.</summary>
    public KubeKind<KubeObject>? Find(string apiVersion, string kind) =>
        Kinds.FirstOrDefault(served => served.ApiVersion == apiVersion && served.Kind == kind);

    /// <summary>The served version of a kind of a group that comes first in the server's own order of preference, or null.</summary>
    public KubeKind<KubeObject>? FindInGroup(string group, string kind) =>
        Kinds.FirstOrDefault(served => served.Group == group && served.Kind == kind);
}
