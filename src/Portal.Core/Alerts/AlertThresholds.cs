namespace Portal.Core.Alerts;

/// <summary>From where on something is worth an alert.</summary>
public sealed record AlertThresholds
{
    public static readonly AlertThresholds Default = new();

    /// <summary>Percent of a volume group that is taken.</summary>
    public Limits VolumeGroup { get; init; } = new(85, 95);

    /// <summary>Percent of a thin pool's data.</summary>
    public Limits ThinData { get; init; } = new(80, 95);

    /// <summary>Percent of a thin pool's metadata: when that is full, the pool stops and needs a repair.</summary>
    public Limits ThinMetadata { get; init; } = new(75, 90);

    /// <summary>Percent of a volume's file system.</summary>
    public Limits FileSystem { get; init; } = new(85, 95);

    /// <summary>Days until something is full.</summary>
    public Limits ForecastDays { get; init; } = new(7, 1);

    /// <summary>How long an agent may be away.</summary>
    public int AgentMinutes { get; init; } = 10;

    /// <summary>How long an expansion may wait.</summary>
    public int ExpansionMinutes { get; init; } = 30;

    public bool IsSound =>
        new[] { VolumeGroup, ThinData, ThinMetadata, FileSystem }.All(limits => limits is { Warning: > 0, Critical: <= 100 } && limits.Warning <= limits.Critical)
        && ForecastDays is { Critical: > 0, Warning: <= 365 } && ForecastDays.Critical <= ForecastDays.Warning && AgentMinutes is > 0 and <= 10_080 && ExpansionMinutes is > 0 and <= 10_080;
}

/// <param name="Warning">From here on it is a warning.</param>
/// <param name="Critical">From here on it is critical.</param>
public sealed record Limits(int Warning, int Critical)
{
    // An alert that stands goes when the number has clearly turned.
    private const double Slack = 2;

    /// <summary>Null while it is not reached; one that stands stays a little below it, so that it does not come and go.</summary>
    public AlertSeverity? Above(double value, AlertSeverity? standing) =>
        value >= Critical - (standing == AlertSeverity.Critical ? Slack : 0) ? AlertSeverity.Critical
        : value >= Warning - (standing is not null ? Slack : 0) ? AlertSeverity.Warning : null;

    /// <summary>The same for a number that gets smaller, in days.</summary>
    public AlertSeverity? Below(double value, AlertSeverity? standing) =>
        value <= Critical * (standing == AlertSeverity.Critical ? 1.25 : 1) ? AlertSeverity.Critical
        : value <= Warning * (standing is not null ? 1.25 : 1) ? AlertSeverity.Warning : null;
}
