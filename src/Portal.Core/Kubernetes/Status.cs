using System.Collections.Immutable;

namespace Portal.Core.Kubernetes;

/// <summary>The API's own error body (<c>kind: Status</c>), whether it came as an HTTP answer or as a watch event.</summary>
public sealed record Status
{
    public int Code { get; init; }

    /// <summary>A CamelCase word such as NotFound, AlreadyExists, Conflict, Expired, Invalid, Forbidden.</summary>
    public string Reason { get; init; } = "";

    public string Message { get; init; } = "";

    public StatusDetails? Details { get; init; }
}

public sealed record StatusDetails
{
    public string Kind { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>Seconds to wait before trying again; 0 where the server says nothing.</summary>
    public int RetryAfterSeconds { get; init; }

    public ImmutableArray<StatusCause> Causes { get; init; } = [];
}

/// <summary>One field that was refused, or one manager that conflicts in a server-side apply.</summary>
public sealed record StatusCause(string Reason, string Message, string Field);
