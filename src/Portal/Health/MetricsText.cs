using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Portal.Core.Prometheus;

namespace Portal.Health;

// Prometheus' text format, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/. The feed holds no
// exporter; this one listens to the meters that .NET, Kestrel, Blazor and the portal have anyway.

/// <summary>Every measurement of the process, as Prometheus reads it.</summary>
public sealed class MetricsText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4";

    private static readonly string[] Meters =
        ["Portal.", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Components.Server.Circuits"];

    private readonly Lock _one = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    /// <param name="meters">Makes this host's meters. A listener hears those of the whole process; another host's are not this one's.</param>
    public MetricsText(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope is { } host && host != meters) return;
            if (Meters.Any(name => instrument.Meter.Name.StartsWith(name, StringComparison.Ordinal))) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, _) => Add(instrument, (double)value, tags));
        _listener.Start();
    }

    public string Write()
    {
        // Two who ask at once: what the one has observed, the other must not forget before it is written.
        lock (_one)
        {
            lock (_gate)
            {
                // A series that is no longer observed must not stand there for ever.
                foreach (var family in _families.Values) family.ForgetObserved();
            }
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            lock (_gate)
            {
                foreach (var family in _families.Values) family.WriteTo(text);
            }
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (_gate)
        {
            var name = MetricFamily.NameOf(instrument);
            if (!_families.TryGetValue(name, out var family)) _families[name] = family = new MetricFamily(name, instrument);
            family.Add(labels, value);
        }
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0) return "";
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(MetricFamily.Plain(key)).Append('=').Append(PrometheusText.Quote(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        }
        return text.ToString();
    }
}
