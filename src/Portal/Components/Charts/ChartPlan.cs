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

    /// <summary>Asked while the chart goes on and shows nothing; null from it, or without it, leaves <see cref="WhyEmpty"/>.</summary>
    public Func<string?>? WhyNothingNow { get; init; }

    /// <summary>What it says of who has measured, where that is more than one node's agent.</summary>
    public Func<string>? FromAgents { get; init; }

    public IEnumerable<SeriesKey> Keys => Lines.SelectMany(line => line.Of);

    /// <param name="series">All that was read; what is missing is drawn as nothing.</param>
    /// <param name="isLive">It ends now, and goes on.</param>
    public ChartSpec With(IReadOnlyDictionary<SeriesKey, MetricSeries> series, DateTimeOffset from, DateTimeOffset to, bool isLive)
    {
        var spec = new ChartSpec(Id, Title, Unit, [.. Lines.Select(line => LineOf(line, series))], from, to) { IsStacked = IsStacked };
        return spec.IsEmpty ? spec with { WhyEmpty = (isLive ? WhyNothingNow?.Invoke() : null) ?? WhyEmpty }
            : spec with { Source = ChartSource.Of([.. Keys.Distinct().Select(key => series.GetValueOrDefault(key)).OfType<MetricSeries>()], FromAgents) };
    }

    private static ChartLine LineOf(Line line, IReadOnlyDictionary<SeriesKey, MetricSeries> series)
    {
        ImmutableArray<MetricSeries> parts = [.. line.Of.Select(key => series.GetValueOrDefault(key) ?? new MetricSeries(key, [], null))];
        return new(line.Name, line.Value is { } value ? Reckoned(parts, value) : parts[0].Points) { Colour = line.Colour };
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
