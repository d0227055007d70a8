using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>What measured things are called on pages.</summary>
public static class MetricWords
{
    public static string NameOf(Metric metric) => metric.Id switch
    {
        "read_throughput" or "read_operations" or "read_latency" => ChartTexts.Read,
        "write_throughput" or "write_operations" or "write_latency" => ChartTexts.Write,
        "queue" => ChartTexts.Queue,
        "busy" => ChartTexts.Busy,
        "used" => ChartTexts.Used,
        "size" => ChartTexts.Size,
        "used_inodes" => ChartTexts.UsedInodes,
        "inodes" => ChartTexts.Inodes,
        "data_percent" => ChartTexts.ThinData,
        "metadata_percent" => ChartTexts.ThinMetadata,
        "free" => ChartTexts.Free,
        "available" => ChartTexts.Available,
        _ => metric.Id,
    };
}
