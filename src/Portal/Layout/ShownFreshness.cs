using Portal.Core.Cluster;

namespace Portal.Layout;

/// <summary>How current the pages are as a whole: as current as the oldest kind they show.</summary>
/// <param name="AsOf">When everything shown was last known to be complete; null before all of it was read once.</param>
/// <param name="Problem">Why it is not kept current; null while it is.</param>
/// <param name="Kinds">The kinds that are stale.</param>
public sealed record ShownFreshness(DateTimeOffset? AsOf, Exception? Problem, IReadOnlyList<string> Kinds)
{
    public static readonly ShownFreshness Nothing = new(null, null, []);

    public bool IsLive => AsOf is not null && Problem is null;

    public static ShownFreshness Of(ClusterSnapshot cluster)
    {
        var stale = cluster.Freshness.Where(kind => kind.Freshness.Problem is not null).ToArray();
        DateTimeOffset? asOf = !cluster.IsComplete ? null
            // While every watch is open nothing is missed: the newest sign of life counts. A broken one is as old as its last.
            : stale.Length == 0 ? cluster.Freshness.Max(kind => kind.Freshness.AsOf) : stale.Min(kind => kind.Freshness.AsOf);
        return new(asOf, stale.FirstOrDefault()?.Freshness.Problem, [.. stale.Select(kind => kind.Kind)]);
    }
}
