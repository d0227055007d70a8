using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Portal.Simulator.Api;

/// <summary>A version under which a resource is served.</summary>
/// <param name="Schema">The OpenAPI v3 schema of a custom resource; null for the built-in ones.</param>
public sealed record ServedVersion(string Name, bool HasStatus, JsonObject? Schema = null);

/// <summary>A resource the server serves: its names, scope and versions. Versions share one storage.</summary>
public sealed record ResourceType
{
    public required string Group { get; init; }
    public required string Plural { get; init; }
    public required string Kind { get; init; }
    public required bool Namespaced { get; init; }

    /// <summary>Preferred version first.</summary>
    public required ImmutableArray<ServedVersion> Versions { get; init; }

    public string Singular { get; init; } = "";
    public ImmutableArray<string> ShortNames { get; init; } = [];
    public ImmutableArray<string> Categories { get; init; } = [];
    public ImmutableArray<string> Subresources { get; init; } = [];

    /// <summary>Paths usable in field selectors beside metadata.name and metadata.namespace.</summary>
    public ImmutableArray<string> SelectableFields { get; init; } = [];

    public bool IsCustom { get; init; }

    /// <summary>A resource that is only ever created and never stored: access and token reviews.</summary>
    public bool IsVirtual { get; init; }

    public string ListKind { get; init; } = "";

    /// <summary>"pods", "deployments.apps": the name in messages and the key of the storage.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : Plural + "." + Group;

    public string ApiVersionIn(string version) => Group.Length == 0 ? version : Group + "/" + version;

    public ServedVersion? FindVersion(string version) => Versions.FirstOrDefault(served => served.Name == version);
}
