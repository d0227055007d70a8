using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Portal.Core.Kubernetes;

/// <summary>One page of a list.</summary>
/// <param name="ResourceVersion">Where a watch continues.</param>
/// <param name="Continue">Token of the next page; null on the last one.</param>
public sealed record KubeList<T>(ImmutableArray<T> Items, string ResourceVersion, string? Continue);

/// <summary>What to list: a namespace (null: all), selectors in the API's own syntax, and the page.</summary>
public sealed record ListQuery
{
    public static readonly ListQuery All = new();

    public string? Namespace { get; init; }
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>Objects per page; null asks for all at once.</summary>
    public int? Limit { get; init; }

    public string? Continue { get; init; }
}

public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Carries only a resourceVersion to resume from.</summary>
    Bookmark,
}

public sealed record WatchEvent<T>(WatchEventType Type, T Object);

/// <summary>How a write is done: dry run validates and admits without effect.</summary>
public sealed record WriteOptions
{
    public static readonly WriteOptions Default = new();

    public bool DryRun { get; init; }

    /// <summary>Who owns the fields; the portal's own name unless said otherwise.</summary>
    public string FieldManager { get; init; } = KubeClient.FieldManager;

    /// <summary>Server-side apply: take fields from other managers instead of failing with a conflict.</summary>
    public bool Force { get; init; }

    /// <summary>Receives the server's warnings (a deprecated version, an unknown field); null drops them.</summary>
    public Action<string>? OnWarning { get; init; }
}

public enum Propagation
{
    Background,
    Foreground,
    Orphan,
}

/// <summary>How an object is deleted; with preconditions it fails with Conflict when the object is no longer the one that was seen.</summary>
public sealed record DeleteOptions
{
    public static readonly DeleteOptions Default = new();

    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public Propagation? Propagation { get; init; }
    public int? GracePeriodSeconds { get; init; }
    public bool DryRun { get; init; }

    internal JsonObject ToJson()
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (Propagation is { } propagation) body["propagationPolicy"] = propagation.ToString();
        if (GracePeriodSeconds is { } grace) body["gracePeriodSeconds"] = grace;
        if (DryRun) body["dryRun"] = new JsonArray("All");
        if (Uid is null && ResourceVersion is null) return body;
        var preconditions = new JsonObject();
        if (Uid is not null) preconditions["uid"] = Uid;
        if (ResourceVersion is not null) preconditions["resourceVersion"] = ResourceVersion;
        body["preconditions"] = preconditions;
        return body;
    }
}

/// <summary>A change to an existing object, in one of the API's patch formats.</summary>
public sealed record Patch(string ContentType, string Body)
{
    /// <summary>RFC 7386: null removes a key, lists are replaced.</summary>
    public static Patch Merge(string json) => new("application/merge-patch+json", json);

    /// <summary>RFC 6902: a list of operations; "test" makes it conditional.</summary>
    public static Patch Json(string json) => new("application/json-patch+json", json);
}
