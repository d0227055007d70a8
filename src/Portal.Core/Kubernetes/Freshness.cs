namespace Portal.Core.Kubernetes;

/// <summary>How current a copy is: what a page shows beside a number.</summary>
/// <param name="AsOf">When the copy was last known to be complete: the last list, event or bookmark; null before the first list.</param>
/// <param name="Problem">Why it is no longer kept current, in the server's or the network's words; null while the watch is open.</param>
public sealed record Freshness(DateTimeOffset? AsOf, Exception? Problem)
{
    public static readonly Freshness Never = new(null, null);

    public bool IsLive => AsOf is not null && Problem is null;
}
