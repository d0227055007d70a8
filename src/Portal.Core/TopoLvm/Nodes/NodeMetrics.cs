using System.Collections.Immutable;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Nodes;

/// <summary>What topolvm-node's metrics said when each node was read last.</summary>
public sealed record NodeMetrics(ImmutableDictionary<string, NodeReading> Nodes)
{
    public static readonly NodeMetrics Empty = new(ImmutableDictionary<string, NodeReading>.Empty);

    /// <summary>Why a node could not be read when it was tried last; nothing of those that could.</summary>
    public ImmutableDictionary<string, Message> Problems { get; init; } = ImmutableDictionary<string, Message>.Empty;
}

/// <summary>One reading of a node's metrics, by device class.</summary>
public sealed record NodeReading(DateTimeOffset ReadAt, ImmutableDictionary<string, ClassMetrics> Classes);

/// <summary>What the metrics say of one device class; null where they say nothing.</summary>
public sealed record ClassMetrics
{
    public long? AvailableBytes { get; init; }
    public long? VolumeGroupBytes { get; init; }
    public long? PoolBytes { get; init; }

    /// <summary>How full the thin pool really is.</summary>
    public double? DataPercent { get; init; }

    public double? MetadataPercent { get; init; }
}
