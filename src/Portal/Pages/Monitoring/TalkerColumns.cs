using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Portal.Components.Charts;
using Portal.Components.Lists;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;

namespace Portal.Pages.Monitoring;

/// <summary>What the list of what is busiest shows, and by what it can be put in order.</summary>
internal static class TalkerColumns
{
    /// <summary>The number that a column puts in order; throughput where it is none of them.</summary>
    public static Func<IoRates, double> OrderOf(string column) => column switch
    {
        "operations" => io => io.Operations,
        "latency" => Latency,
        "queue" => io => io.Queue,
        "busy" => io => io.Busy,
        _ => io => io.Throughput,
    };

    /// <param name="name">The cell with the link.</param>
    public static ImmutableArray<ListColumn<TalkerRow>> Of(MeasuredKind kind, RenderFragment<TalkerRow> name)
    {
        ListColumn<TalkerRow> first = new("name", kind == MeasuredKind.Node ? MonitoringTexts.Node : MonitoringTexts.Volume, row => row.Name) { Cell = name };
        ListColumn<TalkerRow>[] whose = kind == MeasuredKind.Node ? [] :
        [
            new("node", MonitoringTexts.Node, row => row.Talker.Of.Node),
            new("pods", MonitoringTexts.Pods, row => row.Pods),
        ];
        return
        [
            // Where there is room for two columns, these are the name and the number that puts them in order.
            first,
            Number("throughput", MonitoringTexts.Throughput, MetricUnit.BytesPerSecond, io => io.Throughput),
            Number("read", MonitoringTexts.ReadThroughput, MetricUnit.BytesPerSecond, io => io.ReadBytes) with { IsExtra = true },
            Number("written", MonitoringTexts.WriteThroughput, MetricUnit.BytesPerSecond, io => io.WrittenBytes) with { IsExtra = true },
            Number("operations", MonitoringTexts.Operations, MetricUnit.OperationsPerSecond, io => io.Operations),
            Number("latency", MonitoringTexts.Latency, MetricUnit.Milliseconds, Latency),
            Number("queue", MonitoringTexts.Queue, MetricUnit.Count, io => io.Queue),
            Number("busy", MonitoringTexts.Busy, MetricUnit.Percent, io => io.Busy),
            .. whose,
        ];
    }

    public static IReadOnlyList<ListFilter<TalkerRow>> Filters(MeasuredKind kind, StorageState storage) => kind == MeasuredKind.Node ? [] :
    [
        new("node", MonitoringTexts.Node, [.. storage.Nodes.Where(node => node.LogicalVolumes > 0).Select(node => (node.Name, node.Name))], (row, node) => row.Talker.Of.Node == node),
        new("namespace", MonitoringTexts.Namespace, [.. storage.ClaimedVolumes.Select(volume => volume.Name.Namespace).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(one => (one, one))],
            (row, space) => row.Volume?.Name.Namespace == space),
    ];

    // The slower of the two is what somebody waits for.
    private static double Latency(IoRates io) => double.IsNaN(io.ReadLatency) ? io.WriteLatency : double.IsNaN(io.WriteLatency) ? io.ReadLatency : Math.Max(io.ReadLatency, io.WriteLatency);

    private static ListColumn<TalkerRow> Number(string id, string title, MetricUnit unit, Func<IoRates, double> of) =>
        new(id, title, row => MetricText.Format(unit, of(row.Talker.Io))) { SortBy = row => row.Value(of), IsNumber = true, GreatestFirst = true };
}
