using System.Diagnostics.Metrics;
using Portal.Operations;

namespace Portal.Health;

/// <summary>Counts the operations of the journal by kind and state.</summary>
public sealed class OperationMetrics : IDisposable
{
    private readonly Meter _meter;

    public OperationMetrics(IMeterFactory meters, OperationRunner runner)
    {
        _meter = meters.Create("Portal.Operations");
        _meter.CreateObservableGauge("portal.operations", () => runner.Live.Current.Operations
            .CountBy(operation => (operation.Kind, operation.State))
            .Select(counted => new Measurement<int>(counted.Value,
                new KeyValuePair<string, object?>("kind", counted.Key.Kind), new KeyValuePair<string, object?>("state", counted.Key.State.ToString().ToLowerInvariant()))),
            null, "Operations among the latest 200, by kind and state.");
    }

    public void Dispose() => _meter.Dispose();
}
