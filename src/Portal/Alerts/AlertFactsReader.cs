using System.Collections.Immutable;
using Portal.AutoExpand;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Alerts;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Verification;
using Portal.Core.TopoLvm.Volumes;
using Portal.Operations;

namespace Portal.Alerts;

/// <summary>Gathers what rules look at.</summary>
public sealed class AlertFactsReader(Live<StorageState> storage, Live<AgentsSnapshot> agents, OperationRunner operations, Forecasts forecasts, AutoExpandPolicies policies, LiveMetrics metrics, Live<KubeletUses> uses)
{
    // A level that was measured so long ago says little of now.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    public AlertFacts Read(AlertThresholds thresholds, ImmutableArray<KeptAlert> firing, DateTimeOffset now)
    {
        return new(storage.Current, agents.Current, thresholds, now)
        {
            Newest = key => Newest(key, now),
            Forecasts = forecasts.Live.Current.All,
            Verification = LatestVerification(),
            AutoExpansions = [.. policies.Live.Current.Latest.Values.Select(one => new AutoExpandOutcome(one.Volume, one.At, one.From, one.To, one.Problem))],
            Standing = firing.ToImmutableDictionary(kept => kept.Alert.Key, kept => kept.Alert.Severity),
        };
    }

    /// <summary>What was measured last, by the node's agent or else by its kubelet; null where nothing was lately.</summary>
    public double? Newest(SeriesKey key, DateTimeOffset now) =>
        Newest(metrics.Now.Current, key, (now - Fresh).ToUnixTimeMilliseconds()) ?? KubeletReading.Newest(key, storage.Current, uses.Current, now - Fresh);

    private static double? Newest(LiveRates rates, SeriesKey key, long oldest)
    {
        if (rates.Find(key.Of.Node) is not { } node || node.At < oldest) return null;
        foreach (var gauge in node.Gauges)
            if (gauge.Key == key) return gauge.Value;
        return null;
    }

    private VerificationOutcome? LatestVerification() =>
        operations.Live.Current.Operations.FirstOrDefault(operation => operation is { Kind: VerificationOperation.KindName, State: OperationState.Done or OperationState.Failed }) is { } latest
            ? new(latest.Id, ClassOf(latest), latest.State == OperationState.Failed ? latest.Problem : null) : null;

    private static string ClassOf(OperationRecord verification) => verification.Title.Arguments.FirstOrDefault(argument => argument.Text is not null)?.Text ?? "";
}
