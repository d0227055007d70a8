using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Alerts;
using Portal.Database;

namespace Portal.Alerts.Channels;

/// <summary>Tells channels what was written down for them, each once; what is not taken is tried again, later and later, for a day.</summary>
public sealed partial class AlertDelivery(IDbContextFactory<PortalDb> databases, AlertChannels channels, TimeProvider time, ILogger<AlertDelivery> logger)
{
    /// <summary>As many are sent in one go.</summary>
    public const int AtOnce = 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(1);

    /// <summary>Sends what is due.</summary>
    /// <returns>How many were tried.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var now = time.GetUtcNow();
        var due = await database.Deliveries.Where(row => row.State == nameof(DeliveryState.Waiting) && row.NextAt <= now).OrderBy(row => row.Id).Take(AtOnce).ToListAsync(cancel);
        foreach (var delivery in due)
        {
            // As it is by now: those before may have taken minutes, and nothing goes to an address that was changed meanwhile.
            if (await database.Channels.AsNoTracking().SingleOrDefaultAsync(row => row.Id == delivery.ChannelId, cancel) is { IsEnabled: true } channel) await SendAsync(delivery, channel, cancel);
            else (delivery.State, delivery.Problem) = (nameof(DeliveryState.GivenUp), null);
            // Written after each: what was taken is not sent again, whatever comes next.
            await database.SaveChangesAsync(cancel);
        }
        if (due.Count > 0) await channels.ListAsync(cancel);
        return due.Count;
    }

    private async Task SendAsync(DeliveryRow delivery, ChannelRow channel, CancellationToken cancel)
    {
        delivery.Attempts++;
        var now = time.GetUtcNow();
        var alert = JsonSerializer.Deserialize<Alert>(delivery.Alert)!;
        var note = AlertNote.Of(delivery.AlertId, Enum.Parse<AlertChangeKind>(delivery.Change), alert, delivery.CreatedAt, CultureInfo.GetCultureInfo(channel.Language));
        try
        {
            await channels.SendAsync(channel, note, cancel);
            (delivery.State, delivery.Problem) = (nameof(DeliveryState.Sent), null);
        }
        catch (ChannelException failed)
        {
            delivery.Problem = failed.Message;
            var isOver = failed.IsFinal || now - delivery.CreatedAt >= GiveUpAfter;
            if (isOver) delivery.State = nameof(DeliveryState.GivenUp);
            var pause = FirstPause * Math.Pow(2, Math.Min(delivery.Attempts - 1, 10));
            delivery.NextAt = now + (pause < LongestPause ? pause : LongestPause);
            LogNotTaken(channel.Name, alert.Key, delivery.Attempts, failed.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel} did not take alert {Alert} (attempt {Attempt}): {Problem}")]
    private partial void LogNotTaken(string channel, string alert, int attempt, string problem);
}
