using System.Collections.Immutable;
using Portal.Core.Prometheus;

namespace Portal.Core.TopoLvm.Nodes;

/// <summary>What topolvm-node's exposition says of each device class.</summary>
public static class NodeMetricsReader
{
    public static ImmutableDictionary<string, ClassMetrics> Read(string exposition) =>
        PrometheusText.Read(exposition)
            .Where(sample => sample.Name.StartsWith("topolvm_", StringComparison.Ordinal) && sample.Label("device_class").Length > 0 && double.IsFinite(sample.Value))
            .GroupBy(sample => sample.Label("device_class"))
            .ToImmutableDictionary(samples => samples.Key, samples => samples.Aggregate(new ClassMetrics(), With));

    private static ClassMetrics With(ClassMetrics metrics, Sample sample) => sample.Name switch
    {
        "topolvm_volumegroup_available_bytes" => metrics with { AvailableBytes = (long)sample.Value },
        "topolvm_volumegroup_size_bytes" => metrics with { VolumeGroupBytes = (long)sample.Value },
        "topolvm_thinpool_size_bytes" => metrics with { PoolBytes = (long)sample.Value },
        "topolvm_thinpool_data_percent" => metrics with { DataPercent = sample.Value },
        "topolvm_thinpool_metadata_percent" => metrics with { MetadataPercent = sample.Value },
        _ => metrics,
    };
}
