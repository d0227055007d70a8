namespace Portal.Core.TopoLvm;

/// <summary>Where a number comes from.</summary>
public enum CapacitySource
{
    /// <summary>topolvm-node's annotation on the Node, which TopoLVM's extender reads.</summary>
    Annotation,

    /// <summary>A CSIStorageCapacity object, which kube-scheduler itself reads.</summary>
    StorageCapacity,

    /// <summary>topolvm-node's metrics.</summary>
    Metrics,
}

/// <summary>What TopoLVM publishes to schedulers for one device class of a node, and what else is known of the class there.</summary>
/// <param name="AvailableBytes">Spare subtracted or not, as the installed version does it.</param>
public sealed record Capacity(string DeviceClass, long AvailableBytes)
{
    /// <summary>The entry that repeats the default class under its reserved name.</summary>
    public bool IsDefaultAlias => DeviceClass == TopoLvmNames.DefaultClass;

    /// <summary>Volumes whose StorageClass names no device class get this one.</summary>
    public bool IsDefault { get; init; }

    public CapacitySource Source { get; init; }

    /// <summary>The node keeps the number current: at each change that TopoLVM makes, and every ten minutes.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>When a number that is not kept current was true last; null when that is not known.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Of the volume group, or of the thin pool; null when not known.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>When <see cref="SizeBytes"/> was read.</summary>
    public DateTimeOffset? SizeReadAt { get; init; }

    /// <summary>The reserve that the node's configuration names; null when not known.</summary>
    public long? SpareBytes { get; init; }

    /// <summary>The installed version holds the reserve back from schedulers.</summary>
    public bool SubtractsSpare { get; init; }

    public bool IsThin { get; init; }

    /// <summary>The volume group that the node's configuration names; null when not known.</summary>
    public string? VolumeGroup { get; init; }

    /// <summary>How full the thin pool really is; null for a thick class, or when not known.</summary>
    public double? DataPercent { get; init; }

    public double? MetadataPercent { get; init; }

    /// <summary>Promised to volumes that are on their way here and take no space yet.</summary>
    public long PromisedBytes { get; init; }

    /// <summary>The largest claim that fits now; 0 when none does.</summary>
    public long LargestClaimBytes { get; init; }

    public long HeldBackBytes => SubtractsSpare && !IsThin ? Math.Min(SpareBytes ?? 0, SizeBytes ?? long.MaxValue) : 0;

    /// <summary>What is taken: at least this much where all free space is held back; null while the size is not known.</summary>
    public long? UsedBytes => SizeBytes is { } size ? IsThin && DataPercent is { } percent ? (long)(size * percent / 100) : Math.Max(0, size - AvailableBytes - HeldBackBytes) : null;
}
