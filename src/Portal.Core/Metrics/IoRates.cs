using Portal.Core.Agents;

namespace Portal.Core.Metrics;

/// <summary>What a device did between two readings of its counters, as <c>iostat(1)</c> reckons it.</summary>
/// <param name="ReadBytes">Per second, like all that has no other unit.</param>
/// <param name="ReadLatency">Milliseconds of a read, at the mean; not a number when nothing was read.</param>
/// <param name="Queue">Requests under way, at the mean.</param>
/// <param name="Busy">Percent of the time with at least one request under way, at most 100.</param>
public readonly record struct IoRates(
    double ReadBytes, double WrittenBytes, double Reads, double Writes, double ReadLatency, double WriteLatency, double Queue, double Busy)
{
    // The kernel prints these times as 32-bit numbers of milliseconds, which begin anew after 49.7 days of work.
    private const long TimesWrapAt = 1L << 32;

    public double Throughput => ReadBytes + WrittenBytes;

    public double Operations => Reads + Writes;

    /// <summary>null when the later counters do not continue the earlier ones: they began anew, or no time has passed.</summary>
    public static IoRates? Between(DeviceCounters before, DeviceCounters after, long milliseconds)
    {
        if (milliseconds <= 0) return null;
        var (reads, writes) = (after.Reads - before.Reads, after.Writes - before.Writes);
        var (read, written) = (after.ReadBytes - before.ReadBytes, after.WrittenBytes - before.WrittenBytes);
        if (reads < 0 || writes < 0 || read < 0 || written < 0) return null;
        var seconds = milliseconds / 1000.0;
        return new(read / seconds, written / seconds, reads / seconds, writes / seconds,
            reads == 0 ? double.NaN : (double)Grown(before.ReadMilliseconds, after.ReadMilliseconds) / reads,
            writes == 0 ? double.NaN : (double)Grown(before.WriteMilliseconds, after.WriteMilliseconds) / writes,
            (double)Grown(before.QueueMilliseconds, after.QueueMilliseconds) / milliseconds,
            Math.Min(100, 100.0 * Grown(before.BusyMilliseconds, after.BusyMilliseconds) / milliseconds));
    }

    /// <summary>What several devices do together: rates and queues are added, latency is weighed by the requests, and the busiest one counts.</summary>
    public static IoRates Sum(IEnumerable<IoRates> rates)
    {
        var sum = new IoRates(0, 0, 0, 0, double.NaN, double.NaN, 0, 0);
        foreach (var one in rates)
        {
            sum = new(sum.ReadBytes + one.ReadBytes, sum.WrittenBytes + one.WrittenBytes, sum.Reads + one.Reads, sum.Writes + one.Writes,
                Weighed(sum.ReadLatency, sum.Reads, one.ReadLatency, one.Reads), Weighed(sum.WriteLatency, sum.Writes, one.WriteLatency, one.Writes),
                sum.Queue + one.Queue, Math.Max(sum.Busy, one.Busy));
        }
        return sum;
    }

    /// <exception cref="ArgumentException">The metric is not one of IO.</exception>
    public double Of(Metric metric) => metric.Code switch
    {
        1 => ReadBytes,
        2 => WrittenBytes,
        3 => Reads,
        4 => Writes,
        5 => ReadLatency,
        6 => WriteLatency,
        7 => Queue,
        8 => Busy,
        _ => throw new ArgumentException($"{metric.Id} is no rate of IO.", nameof(metric)),
    };

    private static long Grown(long before, long after) => after >= before ? after - before : Math.Max(0, after + TimesWrapAt - before);

    private static double Weighed(double first, double firstWeight, double second, double secondWeight) =>
        double.IsNaN(second) ? first : double.IsNaN(first) ? second : ((first * firstWeight) + (second * secondWeight)) / (firstWeight + secondWeight);
}
