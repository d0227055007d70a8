using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>A chart before it is read: which series it shows, and how.</summary>
/// <param name="Id">Tells it from the others of its page.</param>
public sealed record ChartPlan(string Id, string Title, MetricUnit Unit, ImmutableArray<ChartPlan.Line> Lines)
{
    /// <summary>One line: a series, or what is reckoned from several that were measured at the same moments.</summary>
    public sealed record Line(string Name, ImmutableArray<SeriesKey> Of)
    {
        public Line(string name, SeriesKey of) : this(name, [of])
        {
        }

        /// <summary>The value of a moment from those of the series, in their order; null for the series itself.</summary>
        public Func<ImmutableArray<double>, double>? Value { get; init; }

        /// <inheritdoc cref="ChartLine.Colour"/>
        public int? Colour { get; init; }
    }

    public bool IsStacked { get; init; }

    /// <inheritdoc cref="ChartSpec.WhyEmpty"/>
    public string? WhyEmpty { get; init; }

    public IEnumerable<SeriesKey> Keys => Lines.SelectMany(line => line.Of);

    /// <param name="series">All that was read; what is missing is drawn as nothing.</param>
    public ChartSpec With(IReadOnlyDictionary<SeriesKey, MetricSeries> series, DateTimeOffset from, DateTimeOffset to) =>
        new(Id, Title, Unit, [.. Lines.Select(line => LineOf(line, series))], from, to) { IsStacked = IsStacked, WhyEmpty = WhyEmpty };

    private static ChartLine LineOf(Line line, IReadOnlyDictionary<SeriesKey, MetricSeries> series)
    {
        ImmutableArray<MetricSeries> parts = [.. line.Of.Select(key => series.GetValueOrDefault(key) ?? new MetricSeries(key, [], null))];
        return new(line.Name, line.Value is { } value ? Reckoned(parts, value) : parts[0].Points) { Origin = parts.Select(part => part.Origin).Max(), Colour = line.Colour };
    }

    private static ImmutableArray<MetricPoint> Reckoned(ImmutableArray<MetricSeries> parts, Func<ImmutableArray<double>, double> value)
    {
        var others = parts.Skip(1).Select(part => part.Points.ToDictionary(point => point.At, point => point.Average)).ToArray();
        var points = ImmutableArray.CreateBuilder<MetricPoint>(parts[0].Points.Length);
        foreach (var point in parts[0].Points)
        {
            if (point.IsGap || others.Any(other => double.IsNaN(other.GetValueOrDefault(point.At, double.NaN)))) points.Add(MetricPoint.Gap(point.At));
            else points.Add(MetricPoint.One(point.At, value([point.Average, .. others.Select(other => other[point.At])])));
        }
        return points.ToImmutable();
    }
}
