using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>The documents a client finds its way by: versions, groups and resources.</summary>
internal sealed class Discovery(ResourceCatalog catalog, string gitVersion, int minor)
{
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = minor.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["gitVersion"] = gitVersion,
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "simulator",
        ["platform"] = "linux/amd64",
    };

    public static JsonObject CoreVersions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    public JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. catalog.All.Select(type => type.Group).Where(group => group.Length > 0).Distinct().Select(Describe)]),
    };

    /// <summary>One group, or null when it is not served.</summary>
    public JsonObject? Group(string group)
    {
        if (!catalog.All.Any(type => type.Group == group)) return null;
        var described = Describe(group);
        described["kind"] = "APIGroup";
        described["apiVersion"] = "v1";
        return described;
    }

    /// <summary>The resources of one version, or null when it is not served.</summary>
    public JsonObject? Resources(string group, string version)
    {
        var served = catalog.All.Where(type => type.Group == group && type.FindVersion(version) is not null).ToArray();
        if (served.Length == 0) return null;
        return new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : group + "/" + version,
            ["resources"] = new JsonArray([.. served.SelectMany(type => Describe(type, version))]),
        };
    }

    private JsonObject Describe(string group)
    {
        var versions = catalog.All.Where(type => type.Group == group).SelectMany(type => type.Versions).Select(version => version.Name)
            .Distinct().OrderBy(version => version, VersionOrder.NewestFirst).Select(version => Version(group, version)).ToArray();
        return new()
        {
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }

    private static JsonObject Version(string group, string version) => new() { ["groupVersion"] = group + "/" + version, ["version"] = version };

    private static IEnumerable<JsonObject> Describe(ResourceType type, string version)
    {
        var verbs = type.IsVirtual ? ["create"] : Verbs;
        var main = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.IsCustom ? type.Singular : "",
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = Strings(verbs),
        };
        if (!type.ShortNames.IsEmpty) main["shortNames"] = Strings(type.ShortNames);
        if (!type.Categories.IsEmpty) main["categories"] = Strings(type.Categories);
        yield return main;
        foreach (var subresource in type.Subresources)
        {
            if (subresource == "status" && !type.FindVersion(version)!.HasStatus) continue;
            yield return new()
            {
                ["name"] = type.Plural + "/" + subresource,
                ["singularName"] = "",
                ["namespaced"] = type.Namespaced,
                ["kind"] = type.Kind,
                ["verbs"] = subresource switch
                {
                    "status" or "scale" => Strings(["get", "patch", "update"]),
                    "finalize" => Strings(["update"]),
                    "log" => Strings(["get"]),
                    "proxy" => Strings(["create", "delete", "get", "patch", "update"]),
                    _ => Strings(["create"]),
                },
            };
        }
    }

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
