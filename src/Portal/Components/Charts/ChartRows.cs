using System.Collections.Immutable;
using System.Globalization;
using Portal.Components.Lists;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>A moment of a chart's table: the point of each line at that time, null where a line has none.</summary>
public sealed record ChartRow(long At, ImmutableArray<MetricPoint?> Points)
{
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(At);
}

/// <summary>A chart as a table and as a file: exactly the points that are drawn.</summary>
public static class ChartRows
{
    /// <summary>Newest first.</summary>
    public static ImmutableArray<ChartRow> Of(ChartSpec spec)
    {
        var rows = new SortedDictionary<long, MetricPoint?[]>();
        for (var line = 0; line < spec.Lines.Length; line++)
        {
            foreach (var point in spec.Lines[line].Points)
            {
                if (!rows.TryGetValue(point.At, out var row)) rows[point.At] = row = new MetricPoint?[spec.Lines.Length];
                row[line] = point;
            }
        }
        return [.. rows.Reverse().Select(row => new ChartRow(row.Key, [.. row.Value]))];
    }

    /// <summary>Oldest first, raw numbers in the unit that the heads name, moments in UTC; an empty cell is a gap.</summary>
    public static string Csv(ChartSpec spec)
    {
        var columns = new List<ListColumn<ChartRow>> { new("time", ChartTexts.TimeUtc, row => row.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)) };
        for (var at = 0; at < spec.Lines.Length; at++)
        {
            var line = at;
            var name = MetricText.Base(spec.Unit) is { Length: > 0 } unit ? $"{spec.Lines[line].Name} ({unit})" : spec.Lines[line].Name;
            columns.Add(new(name, name, row => Raw(row.Points[line]?.Average)));
            if (!spec.Lines[line].Points.Any(point => point.Min < point.Max)) continue;
            columns.Add(new(name + "min", ChartTexts.LowestOf(name), row => Raw(row.Points[line]?.Min)));
            columns.Add(new(name + "max", ChartTexts.HighestOf(name), row => Raw(row.Points[line]?.Max)));
        }
        return CsvText.Of(Of(spec).Reverse(), columns);
    }

    private static string Raw(double? value) => value is { } known && !double.IsNaN(known) ? known.ToString("R", CultureInfo.InvariantCulture) : "";
}
