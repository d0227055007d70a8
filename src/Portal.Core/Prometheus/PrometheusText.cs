using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Portal.Core.Prometheus;

/// <summary>One value of an exposition: a metric's name, its labels, and the number.</summary>
public sealed record Sample(string Name, ImmutableDictionary<string, string> Labels, double Value)
{
    public string Label(string name) => Labels.GetValueOrDefault(name, "");
}

/// <summary>Reads what programs serve at /metrics: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. Comments and
/// timestamps are skipped, and so is a line that is none of the format.</summary>
public static class PrometheusText
{
    public static IEnumerable<Sample> Read(string text)
    {
        foreach (var line in text.Split('\n'))
            if (ReadLine(line.Trim()) is { } sample) yield return sample;
    }

    /// <summary>A label's value as it stands in an exposition and in a query, with its quotes.</summary>
    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static Sample? ReadLine(string line)
    {
        if (line.Length == 0 || line[0] == '#') return null;
        var at = line.AsSpan().IndexOfAny("{ \t");
        if (at <= 0) return null;
        var name = line[..at];
        var labels = line[at] == '{' ? ReadLabels(line, ref at) : ImmutableDictionary<string, string>.Empty;
        if (labels is null) return null;
        var rest = line[at..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return rest.Length is 1 or 2 && TryNumber(rest[0], out var value) ? new(name, labels, value) : null;
    }

    /// <summary>Reads from the opening brace to behind the closing one; null when the line breaks off or is none of the format.</summary>
    private static ImmutableDictionary<string, string>? ReadLabels(string line, ref int at)
    {
        var labels = ImmutableDictionary.CreateBuilder<string, string>();
        at++;
        while (true)
        {
            Skip(line, ref at, " \t,");
            if (at >= line.Length) return null;
            if (line[at] == '}')
            {
                at++;
                return labels.ToImmutable();
            }
            var end = line.IndexOf('=', at);
            if (end < 0) return null;
            var name = line[at..end].Trim();
            at = end + 1;
            Skip(line, ref at, " \t");
            if (at >= line.Length || line[at] != '"' || ReadQuoted(line, ref at) is not { } value) return null;
            labels[name] = value;
        }
    }

    private static string? ReadQuoted(string line, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] == '"')
            {
                at++;
                return value.ToString();
            }
            if (line[at] != '\\' || at + 1 >= line.Length) value.Append(line[at]);
            else value.Append(line[++at] switch { 'n' => '\n', var other => other });
        }
        return null;
    }

    private static void Skip(string line, ref int at, string letters)
    {
        while (at < line.Length && letters.Contains(line[at])) at++;
    }

    private static bool TryNumber(string text, out double value)
    {
        value = text.ToUpperInvariant() switch
        {
            "+INF" or "INF" => double.PositiveInfinity,
            "-INF" => double.NegativeInfinity,
            "NAN" => double.NaN,
            _ => 0,
        };
        return value != 0 || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
