using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Core.Kubernetes;

/// <summary>Namespace and name of an object; the namespace is null for cluster-scoped kinds.</summary>
public readonly record struct ObjectName(string? Namespace, string Name)
{
    /// <summary>"namespace/name", or the name alone: the form kubectl and people use.</summary>
    public override string ToString() => Namespace is null ? Name : Namespace + "/" + Name;
}

/// <summary>A resource type of the API: where its objects live.</summary>
public record KubeKind(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    /// <summary>As manifests write it: "v1", "apps/v1".</summary>
    public string ApiVersion => Group.Length == 0 ? Version : Group + "/" + Version;

    /// <summary>The path of a collection (no name) or an object, without a leading slash.</summary>
    public string PathOf(string? ns = null, string? name = null, string? subresource = null)
    {
        var path = Group.Length == 0 ? "api/" + Version : "apis/" + Group + "/" + Version;
        if (ns is not null) path += "/namespaces/" + Uri.EscapeDataString(ns);
        path += "/" + Plural;
        if (name is not null) path += "/" + Uri.EscapeDataString(name);
        return subresource is null ? path : path + "/" + subresource;
    }

    public override string ToString() => Group.Length == 0 ? Plural : Plural + "." + Group;
}

/// <summary>A resource type together with the record its objects are read into.</summary>
public sealed record KubeKind<T>(string Group, string Version, string Plural, string Kind, bool Namespaced, JsonTypeInfo<T> Json)
    : KubeKind(Group, Version, Plural, Kind, Namespaced) where T : IKubeObject
{
    public override string ToString() => base.ToString();

    /// <summary>Reads one object.</summary>
    public T Read(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, Json) ?? throw new JsonException("null in place of a " + Kind);
}
