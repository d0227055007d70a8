namespace Portal.Database;

/// <summary>Readings of a node that are not folded yet, as they came.</summary>
public sealed class ReadingRow
{
    public long Id { get; set; }
    public required string Node { get; set; }
    public long Layout { get; set; }

    /// <summary>Of the first and the last reading, in milliseconds since 1970 by the node's clock.</summary>
    public long FirstAt { get; set; }

    public long LastAt { get; set; }

    /// <summary>Its time had been folded when it came.</summary>
    public bool IsLate { get; set; }

    /// <summary>As <see cref="Core.Metrics.History.ReadingCodec"/> writes them.</summary>
    public required byte[] Data { get; set; }
}

/// <summary>What readings are of, kept once for many of them.</summary>
public sealed class ReadingLayoutRow
{
    public long Id { get; set; }
    public required byte[] Data { get; set; }
}

/// <summary>The series of a node over a window of time, in one resolution.</summary>
public sealed class SegmentRow
{
    /// <summary>"" for what was measured of all nodes together.</summary>
    public required string Node { get; set; }

    /// <summary>Seconds of one point.</summary>
    public int Tier { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Start { get; set; }

    /// <summary>As <see cref="Core.Metrics.History.SegmentCodec"/> writes it.</summary>
    public required byte[] Data { get; set; }
}
