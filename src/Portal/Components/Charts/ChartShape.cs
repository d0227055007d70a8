using System.Collections.Immutable;
using Portal.Core.Metrics;

namespace Portal.Components.Charts;

/// <summary>What of a chart stays while points come: told to the browser when it differs, and then the chart is made anew.</summary>
/// <param name="Suffix">What stands behind a number, in the reader's language.</param>
/// <param name="HasSpread">Points have a lowest and a highest value: a band is drawn.</param>
public sealed record ChartShape(string Title, MetricUnit Unit, string Suffix, bool IsStacked, bool HasSpread, ImmutableArray<ChartShape.Line> Lines)
{
    /// <summary>The colours of tokens.css; a chart with more lines repeats them with dashes.</summary>
    public const int Colours = 8;

    /// <param name="Colour">From 0.</param>
    /// <param name="Dash">0 is a line without dashes.</param>
    public sealed record Line(string Name, int Colour, int Dash);

    public bool IsBinary => Unit is MetricUnit.Bytes or MetricUnit.BytesPerSecond;

    /// <summary>The upper edge is 100.</summary>
    public bool IsPercent => Unit is MetricUnit.Percent;

    public static ChartShape Of(ChartSpec spec) => new(spec.Title, spec.Unit, MetricText.Suffix(spec.Unit), spec.IsStacked, !spec.IsStacked && spec.Lines.Any(HasSpreadIn),
        [.. spec.Lines.Select((line, at) => new Line(line.Name, (line.Colour ?? at) % Colours, line.IsExpected ? 1 : (line.Colour ?? at) / Colours))]);

    public bool Equals(ChartShape? other) => other is not null
        && (Title, Unit, Suffix, IsStacked, HasSpread) == (other.Title, other.Unit, other.Suffix, other.IsStacked, other.HasSpread)
        && Lines.SequenceEqual(other.Lines);

    public override int GetHashCode() => HashCode.Combine(Title, Unit, Lines.Length);

    private static bool HasSpreadIn(ChartLine line)
    {
        foreach (var point in line.Points.AsSpan())
            if (point.Min < point.Max) return true;
        return false;
    }
}
