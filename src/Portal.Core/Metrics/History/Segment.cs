namespace Portal.Core.Metrics.History;

// Every bucket knows which part of its time was measured. So buckets of one resolution become a bucket of a coarser one by adding them up, and what
// comes late is added to what is there; neither has to know how the other came about.

/// <summary>The series of one node over a stretch of time, in buckets of equal length.</summary>
/// <param name="start">Milliseconds since 1970.</param>
/// <param name="step">Length of a bucket, in milliseconds.</param>
public sealed class Segment(long start, long step, int count)
{
    private readonly Dictionary<SeriesId, SegmentColumn> _columns = [];

    public long Start => start;

    public long Step => step;

    public int Count => count;

    public long End => start + (step * count);

    public IReadOnlyDictionary<SeriesId, SegmentColumn> Columns => _columns;

    public static Segment Of(Tier tier, long start) => new(start, tier.StepMilliseconds, tier.Points);

    public SegmentColumn Column(SeriesId series)
    {
        if (!_columns.TryGetValue(series, out var column)) _columns[series] = column = new(count);
        return column;
    }

    /// <summary>Adds a value that held from one moment to another; what lies outside of the segment is left out.</summary>
    public void Add(SeriesId series, MetricOrigin origin, long from, long to, double value)
    {
        if (double.IsNaN(value) || to <= Start || from >= End) return;
        var column = Column(series);
        column.Origin = origin;
        for (var bucket = Math.Max(0, (from - start) / step); bucket < count; bucket++)
        {
            var begins = start + (bucket * step);
            var overlap = Math.Min(to, begins + step) - Math.Max(from, begins);
            if (overlap <= 0) return;
            column.Add((int)bucket, (double)overlap / step, value, value, value);
        }
    }

    /// <summary>Adds everything that another segment holds of this one's time; only the series asked for, when some are.</summary>
    public void Add(Segment other, IReadOnlySet<SeriesId>? only = null)
    {
        foreach (var (series, from) in other.Columns)
        {
            if (only is not null && !only.Contains(series)) continue;
            SegmentColumn? column = null;
            for (var i = 0; i < other.Count; i++)
            {
                if (from.Weight[i] == 0) continue;
                var (begins, ends) = (other.Start + (i * other.Step), other.Start + ((i + 1) * other.Step));
                if (ends <= Start || begins >= End) continue;
                column ??= Column(series);
                column.Origin = from.Origin;
                for (var bucket = Math.Max(0, (begins - start) / step); bucket < count; bucket++)
                {
                    var at = start + (bucket * step);
                    var overlap = Math.Min(ends, at + step) - Math.Max(begins, at);
                    if (overlap <= 0) break;
                    column.Add((int)bucket, from.Weight[i] * overlap / step, from.Min[i], from.Average[i], from.Max[i]);
                }
            }
        }
    }
}

/// <summary>A line of a segment: a metric of a thing on the segment's node.</summary>
public readonly record struct SeriesId(MeasuredKind Kind, string Name, byte Metric)
{
    public static SeriesId Of(SeriesKey key) => new(key.Of.Kind, key.Of.Name, key.Metric.Code);
}

/// <summary>The buckets of one line.</summary>
public sealed class SegmentColumn(int count)
{
    /// <summary>Who has measured it last.</summary>
    public MetricOrigin Origin { get; set; }

    public float[] Min { get; } = new float[count];

    /// <summary>Weighed by time.</summary>
    public float[] Average { get; } = new float[count];

    public float[] Max { get; } = new float[count];

    /// <summary>The part of the bucket's time that was measured: 0 to 1.</summary>
    public float[] Weight { get; } = new float[count];

    public void Add(int bucket, double weight, double min, double average, double max)
    {
        var before = Weight[bucket];
        if (before == 0)
        {
            (Min[bucket], Average[bucket], Max[bucket], Weight[bucket]) = ((float)min, (float)average, (float)max, (float)Math.Min(1, weight));
            return;
        }
        Min[bucket] = Math.Min(Min[bucket], (float)min);
        Max[bucket] = Math.Max(Max[bucket], (float)max);
        Average[bucket] = (float)(((Average[bucket] * before) + (average * weight)) / (before + weight));
        Weight[bucket] = (float)Math.Min(1, before + weight);
    }
}
