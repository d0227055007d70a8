using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Portal.Core.Kubernetes;

/// <summary>The API server refused a request, or a watch reported an error: the one exception for whatever the server says.</summary>
public class KubeException(Status status, string request) : Exception($"{request}: {status.Message} ({status.Code} {status.Reason})")
{
    public Status Status { get; } = status;

    /// <summary>Method and path, without secrets: "PATCH api/v1/nodes/edge-1".</summary>
    public string Request { get; } = request;

    /// <summary>How long the server asks to wait before trying again; null where it says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsNotFound => Status.Code == 404;
    public bool IsAlreadyExists => Status.Reason == "AlreadyExists";
    public bool IsConflict => Status.Reason == "Conflict";
    public bool IsForbidden => Status.Code == 403;

    /// <summary>410: the resourceVersion or continue token is too old; list again.</summary>
    public bool IsExpired => Status.Code == 410;
}

/// <summary>A server-side apply met fields that another manager owns; <see cref="Status"/> names each field and manager.</summary>
public sealed partial class ApplyConflictException(Status status, string request) : KubeException(status, request)
{
    /// <summary>The managers that own the fields, each once.</summary>
    public ImmutableArray<string> Managers =>
        [.. (Status.Details?.Causes ?? []).Select(cause => Manager().Match(cause.Message).Groups[1].Value).Where(name => name.Length > 0).Distinct()];

    // conflict with "kubectl" using apps/v1 at 2026-01-01T00:00:00Z
    [GeneratedRegex("conflict with \"([^\"]+)\"")]
    private static partial Regex Manager();
}
