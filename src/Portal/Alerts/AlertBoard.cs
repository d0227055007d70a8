using System.Collections.Immutable;
using Portal.Core.Alerts;

namespace Portal.Alerts;

/// <summary>An alert with what has become of it.</summary>
/// <param name="Id">0 until it is in the database.</param>
public sealed record KeptAlert(long Id, Alert Alert, DateTimeOffset FiredAt)
{
    /// <summary>null while it fires.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Who knows of it and takes care; null while nobody does.</summary>
    public string? AcknowledgedBy { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Since when its rule does not find it any more, while it is not yet over.</summary>
    public DateTimeOffset? QuietSince { get; init; }
}

/// <summary>What nobody is told of until a time.</summary>
/// <param name="Rule">null for every rule.</param>
/// <param name="Object">null for every object.</param>
public sealed record Silence(long Id, string? Rule, string? Object, string Why, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset EndsAt)
{
    public bool Covers(Alert alert, DateTimeOffset now) => now < EndsAt && (Rule is null || Rule == alert.Rule) && (Object is null || Object == alert.Object);
}

/// <summary>The alerts as every page shows them.</summary>
/// <param name="Firing">The worst first, then the newest.</param>
/// <param name="Resolved">The last to end first.</param>
public sealed record AlertBoard(ImmutableArray<KeptAlert> Firing, ImmutableArray<KeptAlert> Resolved, ImmutableArray<Silence> Silences, AlertThresholds Thresholds)
{
    public static readonly AlertBoard Empty = new([], [], [], AlertThresholds.Default);

    /// <summary>The silence that keeps an alert quiet; null when none does.</summary>
    public Silence? SilenceOf(Alert alert, DateTimeOffset now) => Silences.FirstOrDefault(silence => silence.Covers(alert, now));

    /// <summary>Those that somebody should look at: no mere notices, neither silenced nor acknowledged.</summary>
    public IEnumerable<KeptAlert> Open(DateTimeOffset now) => Firing.Where(kept => kept.Alert.Severity > AlertSeverity.Notice && kept.AcknowledgedBy is null && SilenceOf(kept.Alert, now) is null);
}
