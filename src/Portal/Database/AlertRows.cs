using Microsoft.EntityFrameworkCore;

namespace Portal.Database;

/// <summary>An alert, firing or over. What it says is a message as JSON, so that each reader sees it in their own language.</summary>
public sealed class AlertRow
{
    public long Id { get; set; }
    public required string Rule { get; set; }
    public required string Object { get; set; }
    public required string Severity { get; set; }
    public required string Alert { get; set; }
    public DateTimeOffset FiredAt { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public string? AcknowledgedBy { get; set; }
    public DateTimeOffset? AcknowledgedAt { get; set; }
}

/// <summary>What nobody is told of until a time.</summary>
public sealed class SilenceRow
{
    public long Id { get; set; }

    /// <summary>null for every rule.</summary>
    public string? Rule { get; set; }

    /// <summary>null for every object.</summary>
    public string? Object { get; set; }

    public required string Why { get; set; }
    public required string CreatedBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset EndsAt { get; set; }
}

/// <summary>A setting of the portal, as JSON.</summary>
public sealed class SettingRow
{
    public required string Name { get; set; }
    public required string Value { get; set; }
    public required string SavedBy { get; set; }
    public DateTimeOffset SavedAt { get; set; }
}

/// <summary>A way on which alerts are told.</summary>
public sealed class ChannelRow
{
    public long Id { get; set; }
    public required string Kind { get; set; }
    public required string Name { get; set; }

    /// <summary>Address and secrets as JSON, encrypted with the portal's own keys.</summary>
    public required string Protected { get; set; }

    public required string LeastSeverity { get; set; }
    public required string Language { get; set; }
    public bool IsEnabled { get; set; }
    public required string SavedBy { get; set; }
    public DateTimeOffset SavedAt { get; set; }
}

/// <summary>One change of an alert on its way over one channel.</summary>
public sealed class DeliveryRow
{
    public long Id { get; set; }
    public long AlertId { get; set; }
    public long ChannelId { get; set; }
    public required string Change { get; set; }

    /// <summary>What is told, as it was at that moment.</summary>
    public required string Alert { get; set; }

    public required string State { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset NextAt { get; set; }
    public string? Problem { get; set; }
}

/// <summary>What makes volumes grow by themselves: one volume, or all of a StorageClass.</summary>
public sealed class AutoExpandPolicyRow
{
    public long Id { get; set; }
    public string? Namespace { get; set; }
    public string? Volume { get; set; }
    public string? StorageClass { get; set; }

    /// <summary>Threshold, step, limit, headroom and cool-down as JSON.</summary>
    public required string Rules { get; set; }

    public bool IsEnabled { get; set; }
    public required string SavedBy { get; set; }
    public DateTimeOffset SavedAt { get; set; }
}

/// <summary>An expansion by policy, or why there was none.</summary>
public sealed class AutoExpansionRow
{
    public long Id { get; set; }
    public long PolicyId { get; set; }
    public required string Volume { get; set; }
    public DateTimeOffset At { get; set; }
    public required string FromSize { get; set; }
    public string? ToSize { get; set; }
    public string? Problem { get; set; }
    public long? OperationId { get; set; }
}

internal static class AlertModel
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<AlertRow>(alert =>
        {
            alert.ToTable("alerts");
            alert.HasIndex(row => row.ResolvedAt);
        });
        model.Entity<SilenceRow>().ToTable("silences");
        model.Entity<SettingRow>(setting =>
        {
            setting.ToTable("settings");
            setting.HasKey(row => row.Name);
        });
        model.Entity<ChannelRow>().ToTable("channels");
        model.Entity<DeliveryRow>(delivery =>
        {
            delivery.ToTable("deliveries");
            delivery.HasIndex(row => new { row.State, row.NextAt });
        });
        model.Entity<AutoExpandPolicyRow>().ToTable("auto_expand_policies");
        model.Entity<AutoExpansionRow>(expansion =>
        {
            expansion.ToTable("auto_expansions");
            expansion.HasIndex(row => new { row.Volume, row.At });
        });
    }
}
