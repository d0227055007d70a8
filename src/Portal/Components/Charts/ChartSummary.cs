using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>A chart in words, for who does not see it.</summary>
public static class ChartSummary
{
    // More than this nobody listens to; the table has them all.
    private const int MostLines = 8;

    // A line that ends this long before the right edge has stopped.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="time">How a moment is written for this reader.</param>
    public static string Of(ChartSpec spec, Func<DateTimeOffset, string> time)
    {
        var sentences = spec.Lines.Take(MostLines).Select(line => Of(line, spec.Unit)).ToList();
        if (spec.Lines.Length > MostLines) sentences.Add(ChartTexts.MoreLines(spec.Lines.Length - MostLines));
        if (!spec.LooksAhead && spec.LatestAt is { } latest && spec.To - latest > Patience) sentences.Add(ChartTexts.NothingSince(time(latest)));
        return string.Join(' ', sentences);
    }

    private static string Of(ChartLine line, MetricUnit unit)
    {
        var known = line.Points.Where(point => !point.IsGap).ToImmutableArray();
        return known.IsEmpty ? ChartTexts.LineUnknown(line.Name)
            : ChartTexts.Line(line.Name, MetricText.Format(unit, known[^1].Average), MetricText.Format(unit, known.Min(point => point.Min)),
                MetricText.Format(unit, known.Max(point => point.Max)), TrendOf(known));
    }

    // The last third beside the first one; less than a tenth of the range between them is no trend.
    private static string TrendOf(ImmutableArray<MetricPoint> known)
    {
        if (known.Length < 6) return ChartTexts.Steady;
        var third = known.Length / 3;
        var change = known[^third..].Average(point => point.Average) - known[..third].Average(point => point.Average);
        var size = Math.Max(Math.Abs(known.Max(point => point.Max)), double.Epsilon);
        return Math.Abs(change) < size / 10 ? ChartTexts.Steady : change > 0 ? ChartTexts.Rising : ChartTexts.Falling;
    }
}
