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
public sealed class ApplyConflictException(Status status, string request) : KubeException(status, request);
