using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Components.Why;
using Portal.Core;
using Portal.Core.Alerts;
using Portal.Core.Operations;
using Portal.Database;

namespace Portal.Alerts.Channels;

/// <summary>A channel as pages show it: without its secrets.</summary>
/// <param name="Shown">Where it leads.</param>
public sealed record ShownChannel(long Id, string Kind, string Name, string Shown, AlertSeverity LeastSeverity, string Language, bool IsEnabled)
{
    /// <summary>The last thing that was told, or tried to be.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Why the last one was not taken; null when it was.</summary>
    public string? LastProblem { get; init; }
}

public sealed record ChannelList(ImmutableArray<ShownChannel> Channels);

/// <summary>The channels of this portal. Their settings are encrypted with the portal's keys, which lie beside the database and not in it.</summary>
public sealed class AlertChannels(IDbContextFactory<PortalDb> databases, IDataProtectionProvider protection, IEnumerable<IAlertChannel> kinds, TimeProvider time)
{
    private readonly IDataProtector _protector = protection.CreateProtector("alert-channels");

    public Live<ChannelList> Live { get; } = new(new([]));

    public IAlertChannel? KindOf(string kind) => kinds.FirstOrDefault(one => one.Kind == kind);

    public async Task ListAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var rows = await database.Channels.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancel);
        var shown = ImmutableArray.CreateBuilder<ShownChannel>();
        foreach (var row in rows)
        {
            var last = await database.Deliveries.AsNoTracking().Where(delivery => delivery.ChannelId == row.Id && delivery.Attempts > 0).OrderByDescending(delivery => delivery.Id).FirstOrDefaultAsync(cancel);
            shown.Add(new(row.Id, row.Kind, row.Name, TryRead(row)?.Shown ?? "", Enum.Parse<AlertSeverity>(row.LeastSeverity), row.Language, row.IsEnabled) { LastAt = last?.CreatedAt, LastProblem = last?.Problem });
        }
        Live.Publish(new(shown.ToImmutable()));
    }

    public async Task SaveAsync(string kind, string name, ChannelSettings settings, AlertSeverity least, string language, string by, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
        {
            database.Channels.Add(new ChannelRow
            {
                Kind = kind, Name = name, Protected = Protect(settings), LeastSeverity = least.ToString(), Language = language, IsEnabled = true, SavedBy = by, SavedAt = time.GetUtcNow(),
            });
            await database.SaveChangesAsync(cancel);
        }
        await ListAsync(cancel);
    }

    /// <summary>What can be changed of a channel; null when it is gone.</summary>
    public async Task<OpenedChannel?> FindAsync(long id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Channels.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel) is { } row ? Open(row) : null;
    }

    /// <summary>Changes a channel that is still as it was opened. What it has told stays told; what waits to be sent goes the new way.</summary>
    /// <exception cref="OperationFailedException">A kept secret would go where it was not typed for.</exception>
    public async Task<SaveOutcome<OpenedChannel>> ChangeAsync(OpenedChannel opened, ChannelDraft draft, string by, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
        {
            // Transactions of this database run one after the other: what is read in this one is still so when it writes.
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            if (await database.Channels.SingleOrDefaultAsync(one => one.Id == opened.Id, cancel) is not { } row) return new(false, null);
            if (row.Protected != opened.Version) return new(false, Open(row));
            var kept = TryRead(row) ?? new();
            var settings = draft.Settings.Over(kept, draft.DropsSecret);
            var isKept = draft is { DropsSecret: false, Settings.Secret.Length: 0 } && kept.Secret.Length > 0;
            if (isKept && !settings.LeadsWhere(kept)) throw new OperationFailedException(ChannelTexts.SecretElsewhere(row.Name));
            (row.Name, row.Protected, row.LeastSeverity, row.Language) = (draft.Name, Protect(settings), draft.LeastSeverity.ToString(), draft.Language);
            (row.SavedBy, row.SavedAt) = (by, time.GetUtcNow());
            await database.SaveChangesAsync(cancel);
            var now = time.GetUtcNow();
            await database.Deliveries.Where(one => one.ChannelId == row.Id && one.State == nameof(DeliveryState.Waiting)).ExecuteUpdateAsync(set => set.SetProperty(one => one.NextAt, now), cancel);
            await transaction.CommitAsync(cancel);
        }
        await ListAsync(cancel);
        return SaveOutcome<OpenedChannel>.Saved;
    }

    public async Task EnableAsync(long id, bool isEnabled, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
            await database.Channels.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsEnabled, isEnabled), cancel);
        await ListAsync(cancel);
    }

    public async Task DeleteAsync(long id, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
        {
            await database.Deliveries.Where(row => row.ChannelId == id && row.State == nameof(DeliveryState.Waiting)).ExecuteDeleteAsync(cancel);
            await database.Channels.Where(row => row.Id == id).ExecuteDeleteAsync(cancel);
        }
        await ListAsync(cancel);
    }

    /// <summary>Sends something that is no alert.</summary>
    /// <exception cref="OperationFailedException">It was not taken; the sentence says why.</exception>
    public async Task TestAsync(long id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var row = await database.Channels.AsNoTracking().SingleAsync(channel => channel.Id == id, cancel);
        var language = System.Globalization.CultureInfo.GetCultureInfo(row.Language);
        var alert = new Alert("test", row.Name, AlertSeverity.Warning, ChannelTexts.TestText(row.Name), ChannelTexts.TestNext, new(Core.TopoLvm.Diagnosis.MendingPage.Overview));
        try
        {
            await SendAsync(row, AlertNote.Of(0, AlertChangeKind.Fired, alert, time.GetUtcNow(), language), cancel);
        }
        catch (ChannelException failed)
        {
            throw new OperationFailedException(ChannelTexts.TestFailed(row.Name, failed.Message));
        }
    }

    /// <exception cref="ChannelException">It was not taken.</exception>
    internal async Task SendAsync(ChannelRow row, AlertNote note, CancellationToken cancel)
    {
        var settings = TryRead(row) ?? throw new ChannelException(ChannelTexts.Unreadable.English) { IsFinal = true };
        var kind = KindOf(row.Kind) ?? throw new ChannelException(ChannelTexts.Unreadable.English) { IsFinal = true };
        await kind.SendAsync(settings, note with { Link = LinkOf(settings, note) }, cancel);
    }

    private static string? LinkOf(ChannelSettings settings, AlertNote note) =>
        settings.PortalUrl.Length > 0 && MendingLinks.To(note.Alert.Place) is { } path ? settings.PortalUrl.TrimEnd('/') + path : null;

    private OpenedChannel Open(ChannelRow row)
    {
        var kept = TryRead(row) ?? new();
        return new(row.Id, row.Kind, row.Name, kept.WithoutSecrets(), Enum.Parse<AlertSeverity>(row.LeastSeverity), row.Language, row.SavedBy)
        {
            LeadsTo = kept.Url.Length > 0 ? kept.Shown : "", HasSecret = kept.Secret.Length > 0, Version = row.Protected,
        };
    }

    private string Protect(ChannelSettings settings) => _protector.Protect(JsonSerializer.Serialize(settings));

    private ChannelSettings? TryRead(ChannelRow row)
    {
        try
        {
            return JsonSerializer.Deserialize<ChannelSettings>(_protector.Unprotect(row.Protected));
        }
        catch (CryptographicException)
        {
            // The keys are not those with which it was written: the data folder was put together from two.
            return null;
        }
    }
}
