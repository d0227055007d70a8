using System.Diagnostics.CodeAnalysis;

namespace Portal.Alerts.Channels;

/// <summary>Sends when something is to be sent, and looks every few seconds for what is due again.</summary>
public sealed partial class AlertSender(AlertDelivery delivery, AlertWatch alerts, TimeProvider time, ILogger<AlertSender> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    [SuppressMessage("Design", "CA1031", Justification = "The loop of a background service: logged, and tried again.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var clock = time.CreateTimer(_ => alerts.ToSend.Set(), null, LookEvery, LookEvery);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await alerts.ToSend.WaitAsync(stoppingToken);
                try
                {
                    while (await delivery.SendDueAsync(stoppingToken) == AlertDelivery.AtOnce)
                    {
                        // More is due.
                    }
                }
                catch (Exception failed) when (failed is not OperationCanceledException)
                {
                    LogFailed(failed);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes; what was not sent is sent after the next start.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Alerts could not be sent; they are sent later")]
    private partial void LogFailed(Exception failed);
}
