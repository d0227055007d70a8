using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Alerts;
using Portal.Database;

namespace Portal.Alerts;

/// <summary>Alerts, silences and thresholds on disk. A change and what is to be told of it are one transaction: nothing is told twice, and nothing is forgotten.</summary>
public sealed class AlertStore(IDbContextFactory<PortalDb> databases)
{
    private const string ThresholdsName = "alert-thresholds";
    private const int ShownResolved = 500;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public async Task<AlertBoard> LoadAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var longAgo = now - Kept;
        await database.Alerts.Where(row => row.ResolvedAt != null && row.ResolvedAt < longAgo).ExecuteDeleteAsync(cancel);
        await database.Deliveries.Where(row => row.CreatedAt < longAgo).ExecuteDeleteAsync(cancel);
        await database.Silences.Where(row => row.EndsAt < now).ExecuteDeleteAsync(cancel);
        var firing = await database.Alerts.AsNoTracking().Where(row => row.ResolvedAt == null).ToListAsync(cancel);
        var resolved = await database.Alerts.AsNoTracking().Where(row => row.ResolvedAt != null).OrderByDescending(row => row.ResolvedAt).Take(ShownResolved).ToListAsync(cancel);
        var silences = await database.Silences.AsNoTracking().OrderBy(row => row.EndsAt).ToListAsync(cancel);
        var thresholds = await database.Settings.AsNoTracking().Where(row => row.Name == ThresholdsName).Select(row => row.Value).SingleOrDefaultAsync(cancel);
        return new(
            [.. firing.Select(Read).OrderByDescending(kept => kept.Alert.Severity).ThenByDescending(kept => kept.FiredAt)], [.. resolved.Select(Read)], [.. silences.Select(Read)],
            thresholds is null ? AlertThresholds.Default : JsonSerializer.Deserialize<AlertThresholds>(thresholds)!);
    }

    /// <summary>Writes changes down, together with what channels have to tell of them.</summary>
    /// <param name="isQuiet">Whether nobody is told of an alert now.</param>
    /// <returns>The ids of the new alerts, by key.</returns>
    public async Task<Dictionary<string, long>> SaveAsync(ImmutableArray<AlertChange> changes, Func<Alert, bool> isQuiet, DateTimeOffset now, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var channels = await database.Channels.AsNoTracking().Where(channel => channel.IsEnabled).ToListAsync(cancel);
        var ids = new Dictionary<string, long>();
        foreach (var (kind, kept) in changes)
        {
            var row = await RowAsync(database, kind, kept, cancel);
            ids[kept.Alert.Key] = row.Id;
            foreach (var channel in channels)
            {
                if (!await IsToldAsync(database, channel, kind, row.Id, kept.Alert, isQuiet(kept.Alert), cancel)) continue;
                database.Deliveries.Add(new DeliveryRow
                {
                    AlertId = row.Id, ChannelId = channel.Id, Change = kind.ToString(), Alert = JsonSerializer.Serialize(kept.Alert), State = nameof(DeliveryState.Waiting), CreatedAt = now, NextAt = now,
                });
            }
        }
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ids;
    }

    public async Task AcknowledgeAsync(long id, string? by, DateTimeOffset now, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        DateTimeOffset? at = by is null ? null : now;
        await database.Alerts.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.AcknowledgedBy, by).SetProperty(row => row.AcknowledgedAt, at), cancel);
    }

    public async Task<Silence> SilenceAsync(Silence silence, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var row = new SilenceRow { Rule = silence.Rule, Object = silence.Object, Why = silence.Why, CreatedBy = silence.CreatedBy, CreatedAt = silence.CreatedAt, EndsAt = silence.EndsAt };
        database.Silences.Add(row);
        await database.SaveChangesAsync(cancel);
        return silence with { Id = row.Id };
    }

    public async Task EndSilenceAsync(long id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await database.Silences.Where(row => row.Id == id).ExecuteDeleteAsync(cancel);
    }

    public async Task SaveAsync(AlertThresholds thresholds, string by, DateTimeOffset now, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var row = await database.Settings.FindAsync([ThresholdsName], cancel);
        if (row is null) database.Settings.Add(row = new SettingRow { Name = ThresholdsName, Value = "", SavedBy = by });
        (row.Value, row.SavedBy, row.SavedAt) = (JsonSerializer.Serialize(thresholds), by, now);
        await database.SaveChangesAsync(cancel);
    }

    private static async Task<AlertRow> RowAsync(PortalDb database, AlertChangeKind kind, KeptAlert kept, CancellationToken cancel)
    {
        AlertRow row;
        if (kind == AlertChangeKind.Fired)
        {
            database.Alerts.Add(row = new AlertRow { Rule = kept.Alert.Rule, Object = kept.Alert.Object, Severity = "", Alert = "", FiredAt = kept.FiredAt });
        }
        else
        {
            row = await database.Alerts.SingleAsync(one => one.Id == kept.Id, cancel);
        }
        (row.Severity, row.Alert, row.ResolvedAt) = (kept.Alert.Severity.ToString(), JsonSerializer.Serialize(kept.Alert), kept.ResolvedAt);
        (row.AcknowledgedBy, row.AcknowledgedAt) = (kept.AcknowledgedBy, kept.AcknowledgedAt);
        await database.SaveChangesAsync(cancel);
        return row;
    }

    private static async Task<bool> IsToldAsync(PortalDb database, ChannelRow channel, AlertChangeKind kind, long id, Alert alert, bool isQuiet, CancellationToken cancel)
    {
        // Whoever was told of it is told that it is over, whatever was silenced meanwhile.
        if (kind == AlertChangeKind.Resolved) return await database.Deliveries.AnyAsync(row => row.AlertId == id && row.ChannelId == channel.Id, cancel);
        return !isQuiet && alert.Severity >= Enum.Parse<AlertSeverity>(channel.LeastSeverity);
    }

    private static KeptAlert Read(AlertRow row) => new(row.Id, JsonSerializer.Deserialize<Alert>(row.Alert)!, row.FiredAt)
    {
        ResolvedAt = row.ResolvedAt, AcknowledgedBy = row.AcknowledgedBy, AcknowledgedAt = row.AcknowledgedAt,
    };

    private static Silence Read(SilenceRow row) => new(row.Id, row.Rule, row.Object, row.Why, row.CreatedBy, row.CreatedAt, row.EndsAt);
}
