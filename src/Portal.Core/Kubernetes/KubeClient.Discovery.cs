using System.Collections.Immutable;
using System.Globalization;

namespace Portal.Core.Kubernetes;

public sealed partial class KubeClient
{
    /// <summary>Everything the server serves. An aggregated API whose backend is down is left out.</summary>
    public async Task<ApiResources> DiscoverAsync(CancellationToken cancel)
    {
        var version = await SendAsync(KubeRequest.Get("version"), KubeJson.Of<VersionAnswer>(), cancel);
        var groups = await SendAsync(KubeRequest.Get("apis"), KubeJson.Of<GroupList>(), cancel);
        var paths = new List<string> { "api/v1" };
        foreach (var group in groups.Groups)
        {
            var preferred = group.PreferredVersion.GroupVersion;
            paths.Add("apis/" + preferred);
            paths.AddRange(group.Versions.Select(served => served.GroupVersion).Where(served => served != preferred).Select(served => "apis/" + served));
        }
        var found = await Task.WhenAll(paths.Select(path => ResourcesOfAsync(path, cancel)));
        return new(new ServerVersion(LeadingNumber(version.Major), LeadingNumber(version.Minor), version.GitVersion), [.. found.SelectMany(kinds => kinds)]);
    }

    private async Task<IEnumerable<KubeKind<KubeObject>>> ResourcesOfAsync(string path, CancellationToken cancel)
    {
        ResourceList served;
        try
        {
            served = await SendAsync(KubeRequest.Get(path), KubeJson.Of<ResourceList>(), cancel);
        }
        catch (KubeException down) when (down.Status.Code is 404 or 503)
        {
            return [];
        }
        var parts = path.Split('/');
        var (group, version) = parts.Length == 2 ? ("", parts[1]) : (parts[1], parts[2]);
        return served.Resources.Where(resource => !resource.Name.Contains('/'))
            .Select(resource => new KubeKind<KubeObject>(group, version, resource.Name, resource.Kind, resource.Namespaced, KubeJson.Of<KubeObject>()));
    }

    // Vendors write a minor version as "20+".
    private static int LeadingNumber(string text) =>
        int.TryParse(new string([.. text.TakeWhile(char.IsAsciiDigit)]), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private sealed record VersionAnswer
    {
        public string Major { get; init; } = "";
        public string Minor { get; init; } = "";
        public string GitVersion { get; init; } = "";
    }

    private sealed record GroupList
    {
        public ImmutableArray<ServedGroup> Groups { get; init; } = [];
    }

    private sealed record ServedGroup
    {
        public ImmutableArray<ServedVersion> Versions { get; init; } = [];
        public ServedVersion PreferredVersion { get; init; } = new();
    }

    private sealed record ServedVersion
    {
        public string GroupVersion { get; init; } = "";
    }

    private sealed record ResourceList
    {
        public ImmutableArray<ServedResource> Resources { get; init; } = [];
    }

    private sealed record ServedResource
    {
        public string Name { get; init; } = "";
        public string Kind { get; init; } = "";
        public bool Namespaced { get; init; }
    }
}
