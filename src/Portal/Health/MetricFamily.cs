using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Portal.Health;

/// <summary>One metric with all its series; a histogram is given as the summary's sum and count.</summary>
internal sealed class MetricFamily
{
    private readonly string _name;
    private readonly string _help;
    private readonly string _type;
    private readonly bool _isObserved;
    private readonly bool _replaces;
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

    public MetricFamily(string name, Instrument instrument)
    {
        var kind = instrument.GetType().Name.Split('`')[0];
        _name = name;
        _help = instrument.Description ?? instrument.Name;
        _isObserved = instrument.IsObservable;
        // Observed counters report their total, the others what they grew by.
        _replaces = instrument.IsObservable || kind == "Gauge";
        _type = kind switch
        {
            "Counter" or "ObservableCounter" => "counter",
            "Histogram" => "summary",
            _ => "gauge",
        };
    }

    public static string NameOf(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = Plain(instrument.Name);
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        var counts = instrument.GetType().Name.Split('`')[0] is "Counter" or "ObservableCounter";
        return counts && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static string Plain(string name) => string.Create(name.Length, name, static (plain, name) =>
    {
        for (var i = 0; i < name.Length; i++) plain[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
    });

    public void ForgetObserved()
    {
        if (_isObserved) _series.Clear();
    }

    public void Add(string labels, double value)
    {
        _series.TryGetValue(labels, out var series);
        _series[labels] = _replaces ? new(value, 1) : new(series.Sum + value, series.Count + 1);
    }

    public void WriteTo(StringBuilder text)
    {
        if (_series.Count == 0) return;
        text.Append("# HELP ").Append(_name).Append(' ').Append(_help.Replace("\\", "\\\\").Replace("\n", " ")).Append('\n');
        text.Append("# TYPE ").Append(_name).Append(' ').Append(_type).Append('\n');
        foreach (var (labels, series) in _series)
        {
            Line(text, _type == "summary" ? "_sum" : "", labels, series.Sum);
            if (_type == "summary") Line(text, "_count", labels, series.Count);
        }
    }

    private void Line(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(_name).Append(suffix);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private readonly record struct Series(double Sum, long Count);
}
