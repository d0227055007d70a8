using System.Globalization;
using Portal.Core.Metrics;
using Portal.Core.Texts;

namespace Portal.Components.Charts;

/// <summary>Measured numbers as people read them: at most three significant digits, the unit behind. The browser writes them the same way.</summary>
public static class MetricText
{
    public static string Format(MetricUnit unit, double value) => double.IsNaN(value) ? "–" : unit switch
    {
        MetricUnit.Bytes or MetricUnit.BytesPerSecond => ByteText.Format((long)value) + Suffix(unit),
        _ => Number(value) + Suffix(unit),
    };

    /// <summary>What stands behind the number, with its blank; behind the size where bytes are counted.</summary>
    public static string Suffix(MetricUnit unit) => unit switch
    {
        MetricUnit.BytesPerSecond => ChartTexts.PerSecond,
        MetricUnit.OperationsPerSecond => ChartTexts.OperationsPerSecond,
        MetricUnit.Milliseconds => ChartTexts.Milliseconds,
        MetricUnit.Percent => " %",
        _ => "",
    };

    /// <summary>The unit that raw numbers have, for the head of a column.</summary>
    public static string Base(MetricUnit unit) => unit switch
    {
        MetricUnit.Bytes => "B",
        MetricUnit.BytesPerSecond => "B/s",
        MetricUnit.OperationsPerSecond => "1/s",
        MetricUnit.Milliseconds => "ms",
        MetricUnit.Percent => "%",
        _ => "",
    };

    private static string Number(double value)
    {
        var size = Math.Abs(value);
        var digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 4;
        return Math.Round(value, digits).ToString(size >= 9999.5 ? "N0" : "0.####", CultureInfo.CurrentCulture);
    }
}
