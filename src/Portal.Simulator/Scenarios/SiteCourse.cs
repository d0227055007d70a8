using System.Collections.Immutable;
using Portal.Simulator.Life.Nodes;

namespace Portal.Simulator.Scenarios;

/// <summary>What a site's volumes do by themselves: the same before the scenario begins, where <see cref="MadePast"/> tells of it, and after, where it is lived.</summary>
/// <param name="Began">When the scenario began.</param>
internal sealed record SiteCourse(DateTimeOffset Began)
{
    /// <summary>Those that fill or grow as the scenario says, by the names of their PersistentVolumes.</summary>
    public ImmutableDictionary<string, StandingVolume> Volumes { get; private init; } = ImmutableDictionary<string, StandingVolume>.Empty;

    public static SiteCourse Of(Scenario scenario, DateTimeOffset began) =>
        new(began) { Volumes = scenario.Volumes().Where(volume => volume.Fill is not null || volume.Growth is not null).ToImmutableDictionary(volume => volume.VolumeName) };

    public TimeSpan Since(DateTimeOffset now) => now - Began;

    /// <summary>How full a volume of that size is; null where the scenario does not say.</summary>
    public VolumeUsage? UsageOf(string volume, double volumeBytes, DateTimeOffset now) =>
        Volumes.GetValueOrDefault(volume)?.Fill is { } fill ? VolumeUsage.Filled(volumeBytes, fill.At(Since(now))) : null;
}
