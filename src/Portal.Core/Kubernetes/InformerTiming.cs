namespace Portal.Core.Kubernetes;

/// <summary>How patient an informer is.</summary>
public sealed record InformerTiming
{
    /// <summary>A watch without anything, not even a bookmark, for so long is taken for dead: servers send a bookmark each minute.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>The server is asked to end a watch after this to twice this, at random, so that watches do not all come back at once.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a kind that the server does not know is looked for again.</summary>
    public TimeSpan LookForKindEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Objects per page of a list.</summary>
    public int PageSize { get; init; } = 500;
}
