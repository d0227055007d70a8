using System.Collections.Immutable;

namespace Portal.Agents;

/// <summary>A description of a volume group that the portal keeps.</summary>
/// <param name="At">When its agent brought it, by the portal's clock.</param>
public sealed record KeptBackup(long Id, string Node, string VolumeGroup, DateTimeOffset At);

/// <summary>All that are kept, newest first, without their texts.</summary>
public sealed record KeptBackups(ImmutableArray<KeptBackup> All)
{
    public IEnumerable<KeptBackup> Of(string node) => All.Where(backup => backup.Node == node);
}
