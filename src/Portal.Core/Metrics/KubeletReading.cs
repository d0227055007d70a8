using System.Collections.Immutable;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes;

namespace Portal.Core.Metrics;

/// <summary>What a kubelet tells of the file systems of a node's volumes, under the names that an agent's numbers have: it counts as the agent does.</summary>
public static class KubeletReading
{
    // A kubelet measures once a minute; what it has told for so long without measuring says nothing of now.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>null when it tells of no volume of the node.</summary>
    /// <param name="answer">What the kubelet told; it is of the moment when it answered.</param>
    public static NodeReading? Of(StorageNode node, KubeletUses.Answer answer)
    {
        ImmutableArray<GaugeReading> gauges = [.. node.Volumes.SelectMany(volume => GaugesOf(volume, answer))];
        return gauges.IsEmpty ? null : new(node.Name, answer.At.ToUnixTimeMilliseconds(), "", MetricOrigin.Cluster) { Gauges = gauges };
    }

    /// <summary>What was told last of a volume's file system; null where that is nothing, or too long ago.</summary>
    public static double? Newest(SeriesKey key, StorageState storage, KubeletUses uses, DateTimeOffset since)
    {
        if (MeasuredVolumes.Of(storage).Find(key.Of) is not { } volume || !uses.Nodes.TryGetValue(key.Of.Node, out var answer) || answer.At < since) return null;
        foreach (var gauge in GaugesOf(volume, answer))
            if (gauge.Key == key) return gauge.Value;
        return null;
    }

    private static IEnumerable<GaugeReading> GaugesOf(Volume volume, KubeletUses.Answer answer)
    {
        if (volume is not { Claim: not null, IsBlock: false } || MeasuredVolumes.Of(volume) is not { } of) yield break;
        if (!answer.Volumes.TryGetValue(volume.Name, out var use) || answer.At - use.At > Longest) yield break;
        yield return new(new(of, Metric.UsedBytes), use.UsedBytes);
        yield return new(new(of, Metric.SizeBytes), use.CapacityBytes);
        if (use is not { Inodes: { } inodes, UsedInodes: { } usedInodes }) yield break;
        yield return new(new(of, Metric.UsedInodes), usedInodes);
        yield return new(new(of, Metric.Inodes), inodes);
    }
}
