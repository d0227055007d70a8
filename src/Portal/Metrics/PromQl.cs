using System.Globalization;
using Portal.Core.Metrics;
using Portal.Core.Prometheus;

namespace Portal.Metrics;

/// <summary>How Prometheus is asked for a series that it has scraped from the portal (see <see cref="Health.StorageExposition"/>).</summary>
public static class PromQl
{
    // A rate needs a few scrapes, and scrapes are up to a minute apart.
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(2);

    /// <summary>null for what the portal does not expose.</summary>
    public static string? Of(SeriesKey key, TimeSpan step)
    {
        var window = string.Create(CultureInfo.InvariantCulture, $"[{(long)Math.Max(step.TotalSeconds, Shortest.TotalSeconds)}s]");
        return Metric.Io.Contains(key.Metric) ? Io(key, window) : Gauge(key, window);
    }

    private static string? Io(SeriesKey key, string window)
    {
        var prefix = key.Of.Kind switch { MeasuredKind.LogicalVolume => "volume_io_", MeasuredKind.Disk => "disk_io_", MeasuredKind.Cluster => "node_io_", _ => null };
        if (prefix is null || (key.Of.Kind == MeasuredKind.Cluster && key.Metric == Metric.Busy)) return null;
        return key.Metric.Id switch
        {
            "read_throughput" => Rate("read_bytes"),
            "write_throughput" => Rate("written_bytes"),
            "read_operations" => Rate("reads"),
            "write_operations" => Rate("writes"),
            "read_latency" => $"1000 * {Rate("read_seconds")} / {Rate("reads")}",
            "write_latency" => $"1000 * {Rate("write_seconds")} / {Rate("writes")}",
            "queue" => Rate("queue_seconds"),
            _ => "100 * " + Rate("busy_seconds"),
        };

        string Rate(string counter) => key.Of.Kind == MeasuredKind.Cluster ? $"sum(rate(topolvm_portal_{prefix}{counter}_total{window}))"
            : $"rate(topolvm_portal_{prefix}{counter}_total{Labels(key.Of)}{window})";
    }

    private static string? Gauge(SeriesKey key, string window)
    {
        var (gauge, factor) = (key.Of.Kind, key.Metric.Id) switch
        {
            (MeasuredKind.LogicalVolume, "used") => ("volume_used_bytes", ""),
            (MeasuredKind.LogicalVolume, "size") => ("volume_size_bytes", ""),
            (MeasuredKind.LogicalVolume, "used_inodes") => ("volume_used_inodes", ""),
            (MeasuredKind.LogicalVolume, "inodes") => ("volume_inodes", ""),
            (MeasuredKind.ThinPool, "data_percent") => ("thin_pool_data_ratio", "100 * "),
            (MeasuredKind.ThinPool, "metadata_percent") => ("thin_pool_metadata_ratio", "100 * "),
            (MeasuredKind.VolumeGroup, "size") => ("volume_group_size_bytes", ""),
            (MeasuredKind.VolumeGroup, "free") => ("volume_group_free_bytes", ""),
            (MeasuredKind.DeviceClass, "available") => ("device_class_available_bytes", ""),
            _ => (null, ""),
        };
        return gauge is null ? null : $"{factor}avg_over_time(topolvm_portal_{gauge}{Labels(key.Of)}{window})";
    }

    private static string Labels(Measured of)
    {
        var parts = of.Name.Split('/', 2);
        var labels = of.Kind switch
        {
            MeasuredKind.Disk => $"device={PrometheusText.Quote(of.Name)}",
            MeasuredKind.VolumeGroup => $"volume_group={PrometheusText.Quote(of.Name)}",
            MeasuredKind.DeviceClass => $"device_class={PrometheusText.Quote(of.Name)}",
            MeasuredKind.ThinPool => $"volume_group={PrometheusText.Quote(parts[0])},thin_pool={PrometheusText.Quote(parts[^1])}",
            _ => $"volume_group={PrometheusText.Quote(parts[0])},logical_volume={PrometheusText.Quote(parts[^1])}",
        };
        return $"{{node={PrometheusText.Quote(of.Node)},{labels}}}";
    }
}
