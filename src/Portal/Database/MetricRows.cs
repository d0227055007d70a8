namespace Portal.Database;

/// <summary>Readings of a stream that are not folded yet, as they came.</summary>
public sealed class ReadingRow
{
    public long Id { get; set; }

    /// <summary>Who measures which node, as <see cref="Metrics.MetricStream"/> names it.</summary>
    public required string Stream { get; set; }

    public long Layout { get; set; }

    /// <summary>Of the first and the last reading, in milliseconds since 1970 by the clock of who measures.</summary>
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

/// <summary>The series of a stream over a window of time, in one resolution.</summary>
public sealed class SegmentRow
{
    /// <inheritdoc cref="ReadingRow.Stream"/>
    public required string Stream { get; set; }

    /// <summary>Seconds of one point.</summary>
    public int Tier { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Start { get; set; }

    /// <summary>As <see cref="Core.Metrics.History.SegmentCodec"/> writes it.</summary>
    public required byte[] Data { get; set; }
}
