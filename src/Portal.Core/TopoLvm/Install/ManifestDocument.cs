using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>One object of a profile, filled in for a cluster.</summary>
/// <param name="ApiVersions">Acceptable API versions, best first.</param>
/// <param name="Keep">Made once and then left alone: what a person writes there later stays.</param>
/// <param name="Optional">Left out, with a reason, where the cluster does not serve the kind.</param>
/// <param name="Shared">Not TopoLVM's own: only the named fields are set, and it is never deleted.</param>
/// <param name="Line">Where it begins in the profile's YAML.</param>
public sealed record ManifestDocument(KubeObject Object, ImmutableArray<string> ApiVersions, bool Keep, bool Optional, bool Shared, int Line)
{
    /// <summary>Reads the document's own directives and takes them out of the object; null when it names no kind, version or name.</summary>
    public static ManifestDocument? From(JsonObject json, int line, int column, ICollection<ManifestProblem> problems)
    {
        var (keep, optional, shared) = (Flag(json, "$keep"), Flag(json, "$optional"), Flag(json, "$shared"));
        var versions = json["apiVersion"] switch
        {
            JsonArray list => [.. list.Select(AsText).OfType<string>()],
            var one when AsText(one) is { } version => ImmutableArray.Create(version),
            _ => ImmutableArray<string>.Empty,
        };
        if (versions.IsEmpty || AsText(json["kind"]) is not { Length: > 0 } kind || AsText((json["metadata"] as JsonObject)?["name"]) is not { Length: > 0 } name)
        {
            problems.Add(new(line, column, InstallTexts.NotAnObject));
            return null;
        }
        if (kind == "Secret" && (json["data"] is not null || json["stringData"] is not null))
            problems.Add(new(line, column, InstallTexts.SecretInProfile(name)));
        return new(new KubeObject(json), versions, keep, optional, shared, line);
    }

    private static string? AsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool Flag(JsonObject json, string name)
    {
        var set = json[name] is JsonValue value && value.TryGetValue<bool>(out var on) && on;
        json.Remove(name);
        return set;
    }
}
