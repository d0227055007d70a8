using System.Collections.Immutable;

namespace Portal.Core.Metrics;

/// <summary>What the numbers of a metric count.</summary>
public enum MetricUnit
{
    Bytes,
    BytesPerSecond,
    OperationsPerSecond,
    Milliseconds,
    Percent,

    /// <summary>Things: requests under way, inodes.</summary>
    Count,
}

/// <summary>Something that is measured of a disk, a volume or a volume group.</summary>
/// <param name="Code">Its number in the database; never given to another one.</param>
/// <param name="Id">Its name in addresses and in what is exported: "read_throughput".</param>
public sealed record Metric(byte Code, string Id, MetricUnit Unit)
{
    public static readonly Metric ReadThroughput = new(1, "read_throughput", MetricUnit.BytesPerSecond);
    public static readonly Metric WriteThroughput = new(2, "write_throughput", MetricUnit.BytesPerSecond);
    public static readonly Metric ReadOperations = new(3, "read_operations", MetricUnit.OperationsPerSecond);
    public static readonly Metric WriteOperations = new(4, "write_operations", MetricUnit.OperationsPerSecond);

    /// <summary>The mean time from request to answer; there is none where nothing was read.</summary>
    public static readonly Metric ReadLatency = new(5, "read_latency", MetricUnit.Milliseconds);

    public static readonly Metric WriteLatency = new(6, "write_latency", MetricUnit.Milliseconds);

    /// <summary>Requests under way, as the mean over the time.</summary>
    public static readonly Metric Queue = new(7, "queue", MetricUnit.Count);

    /// <summary>The part of the time in which at least one request was under way.</summary>
    public static readonly Metric Busy = new(8, "busy", MetricUnit.Percent);

    /// <summary>What files take of a file system.</summary>
    public static readonly Metric UsedBytes = new(9, "used", MetricUnit.Bytes);

    /// <summary>Of a file system what it can hold, of a volume group all extents.</summary>
    public static readonly Metric SizeBytes = new(10, "size", MetricUnit.Bytes);

    public static readonly Metric UsedInodes = new(11, "used_inodes", MetricUnit.Count);
    public static readonly Metric Inodes = new(12, "inodes", MetricUnit.Count);

    /// <summary>How full a thin pool's data is.</summary>
    public static readonly Metric DataPercent = new(13, "data_percent", MetricUnit.Percent);

    public static readonly Metric MetadataPercent = new(14, "metadata_percent", MetricUnit.Percent);

    /// <summary>What a volume group really has left.</summary>
    public static readonly Metric FreeBytes = new(15, "free", MetricUnit.Bytes);

    /// <summary>What TopoLVM publishes of a device class to schedulers.</summary>
    public static readonly Metric AvailableBytes = new(16, "available", MetricUnit.Bytes);

    /// <summary>What counters of IO become.</summary>
    public static ImmutableArray<Metric> Io { get; } = [ReadThroughput, WriteThroughput, ReadOperations, WriteOperations, ReadLatency, WriteLatency, Queue, Busy];

    /// <summary>All of them; a new metric is a line here.</summary>
    public static ImmutableArray<Metric> All { get; } =
    [
        .. Io, UsedBytes, SizeBytes, UsedInodes, Inodes,
        DataPercent, MetadataPercent, FreeBytes, AvailableBytes,
    ];

    /// <summary>null for a number that no metric has.</summary>
    public static Metric? Find(byte code) => code > 0 && code <= All.Length ? All[code - 1] : null;

    public static Metric? Find(string id) => All.FirstOrDefault(metric => metric.Id == id);

    public override string ToString() => Id;
}
