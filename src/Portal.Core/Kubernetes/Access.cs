using System.Text.Json.Nodes;

namespace Portal.Core.Kubernetes;

/// <summary>May the client do this? Empty strings are the core group, every namespace and every name.</summary>
public sealed record AccessQuestion(string Verb, string Group, string Resource)
{
    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public string Subresource { get; init; } = "";
    public string Version { get; init; } = "*";

    /// <summary>The question for one kind; a null namespace asks for all of them.</summary>
    public static AccessQuestion For(string verb, KubeKind kind, string? ns = null, string? name = null) =>
        new(verb, kind.Group, kind.Plural) { Version = kind.Version, Namespace = ns ?? "", Name = name ?? "" };

    internal JsonObject ToJson() => new()
    {
        ["apiVersion"] = "authorization.k8s.io/v1",
        ["kind"] = "SelfSubjectAccessReview",
        ["spec"] = new JsonObject
        {
            ["resourceAttributes"] = new JsonObject
            {
                ["verb"] = Verb,
                ["group"] = Group,
                ["version"] = Version,
                ["resource"] = Resource,
                ["subresource"] = Subresource,
                ["namespace"] = Namespace,
                ["name"] = Name,
            },
        },
    };
}

/// <summary>The API server's answer to an <see cref="AccessQuestion"/>.</summary>
/// <param name="Reason">Why, in the authorizer's words; may be empty.</param>
public sealed record AccessAnswer(bool Allowed, string Reason);

/// <summary>Whose a token is.</summary>
/// <param name="User">Null when the token is not valid; <paramref name="Problem"/> may say why.</param>
public sealed record TokenOwner(Impersonation? User, string Problem);
