using System.Collections.Immutable;
using Portal.Core.Alerts;

namespace Portal.Alerts;

public enum AlertChangeKind
{
    Fired,

    /// <summary>It has become critical.</summary>
    Worsened,

    Resolved,
}

/// <summary>What is written down and told.</summary>
public sealed record AlertChange(AlertChangeKind Kind, KeptAlert Kept);

/// <summary>Compares what rules find with what stands. An alert is over when its rule has not found it for a while, so that one that comes and goes
/// is one alert.</summary>
public static class AlertLedger
{
    public static readonly TimeSpan QuietFor = TimeSpan.FromMinutes(2);

    /// <param name="canTell">Whether an alert that was not found is known to be gone.</param>
    public static (ImmutableArray<KeptAlert> Firing, ImmutableArray<AlertChange> Changes) Next(
        ImmutableArray<KeptAlert> firing, ImmutableArray<Alert> found, Func<Alert, bool> canTell, DateTimeOffset now)
    {
        var byKey = found.ToDictionary(alert => alert.Key);
        var changes = ImmutableArray.CreateBuilder<AlertChange>();
        var next = new List<KeptAlert>(found.Length);
        foreach (var kept in firing)
        {
            if (byKey.Remove(kept.Alert.Key, out var alert))
            {
                var worse = alert.Severity > kept.Alert.Severity;
                var current = kept with { Alert = alert, QuietSince = null };
                // Whoever took care of a warning has not yet heard that it is critical.
                if (worse) changes.Add(new(AlertChangeKind.Worsened, current = current with { AcknowledgedBy = null, AcknowledgedAt = null }));
                next.Add(current);
            }
            else if (canTell(kept.Alert) && kept.QuietSince is { } since && now - since >= QuietFor)
            {
                changes.Add(new(AlertChangeKind.Resolved, kept with { ResolvedAt = now, QuietSince = null }));
            }
            else
            {
                next.Add(kept with { QuietSince = canTell(kept.Alert) ? kept.QuietSince ?? now : null });
            }
        }
        foreach (var alert in byKey.Values)
        {
            var kept = new KeptAlert(0, alert, now);
            next.Add(kept);
            changes.Add(new(AlertChangeKind.Fired, kept));
        }
        return ([.. next.OrderByDescending(kept => kept.Alert.Severity).ThenByDescending(kept => kept.FiredAt)], changes.ToImmutable());
    }
}
