using System.Collections.Immutable;

namespace Portal.Simulator.Scenarios;

/// <summary>What happened on a site before its scenario begins, beside what its volumes and pools tell themselves.</summary>
/// <param name="Days">How far back it is known.</param>
public sealed record SitePast(int Days)
{
    /// <summary>Volumes that were deleted since.</summary>
    public ImmutableArray<StandingVolume> Gone { get; init; } = [];

    /// <summary>When nodes were switched off, in days before the beginning.</summary>
    public ImmutableArray<(string Node, double FromDaysAgo, double UntilDaysAgo)> Away { get; init; } = [];
}
