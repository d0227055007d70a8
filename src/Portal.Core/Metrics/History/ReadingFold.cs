namespace Portal.Core.Metrics.History;

/// <summary>Puts readings into the buckets of a segment. Counters become rates here, once: an interval in which they began anew adds nothing.</summary>
public static class ReadingFold
{
    /// <summary>What happened between readings further apart than this is known in sum alone; it is not spread over the time.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(15);

    /// <param name="readings">In order of time, beginning with the last ones before the segment, which the first rates need.</param>
    /// <param name="only">The series that are wanted; null for all.</param>
    public static void Into(Segment segment, IEnumerable<NodeReading> readings, IReadOnlySet<SeriesId>? only = null)
    {
        var counters = new Dictionary<Measured, (long At, string Boot, Agents.DeviceCounters Counters)>();
        var gauges = new Dictionary<SeriesKey, long>();
        foreach (var reading in readings)
        {
            foreach (var (of, now) in reading.Counters)
            {
                if (counters.TryGetValue(of, out var before) && before.Boot == reading.BootId && IsNear(before.At, reading.At) && Reaches(segment, before.At, reading.At)
                    && IoRates.Between(before.Counters, now, reading.At - before.At) is { } rates)
                {
                    foreach (var metric in Metric.Io)
                    {
                        var series = new SeriesId(of.Kind, of.Name, metric.Code);
                        if (only?.Contains(series) != false) segment.Add(series, reading.Origin, before.At, reading.At, rates.Of(metric));
                    }
                }
                counters[of] = (reading.At, reading.BootId, now);
            }
            foreach (var (key, value) in reading.Gauges)
            {
                if (only?.Contains(SeriesId.Of(key)) == false) continue;
                // The first one counts for as long as the finest bucket.
                var since = gauges.TryGetValue(key, out var before) && IsNear(before, reading.At) ? before : reading.At - Tier.TenSeconds.StepMilliseconds;
                if (Reaches(segment, since, reading.At)) segment.Add(SeriesId.Of(key), reading.Origin, since, reading.At, value);
                gauges[key] = reading.At;
            }
        }
    }

    private static bool IsNear(long from, long to) => to > from && to - from <= LongestInterval.TotalMilliseconds;

    private static bool Reaches(Segment segment, long from, long to) => to > segment.Start && from < segment.End;
}
