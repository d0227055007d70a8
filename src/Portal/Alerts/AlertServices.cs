using Portal.Alerts.Channels;
using Portal.AutoExpand;

namespace Portal.Alerts;

/// <summary>Registers forecasts, alerts and what becomes of them.</summary>
public static class AlertServices
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<AlertStore>();
        services.AddSingleton<Forecasts>();
        services.AddHostedService(provider => provider.GetRequiredService<Forecasts>());
        services.AddSingleton<AlertFactsReader>();
        services.AddSingleton<AlertWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertWatch>());
        services.AddSingleton<AutoExpandPolicies>();
        services.AddHostedService(provider => provider.GetRequiredService<AutoExpandPolicies>());
        services.AddSingleton<AutoExpandWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<AutoExpandWatch>());
        services.AddAlertChannels();
        services.AddSingleton<AlertSender>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertSender>());
    }

    /// <summary>The ways on which alerts are told; a new kind is a line here.</summary>
    public static void AddAlertChannels(this IServiceCollection services)
    {
        services.AddHttpClient(HttpChannel.ClientName, client => client.Timeout = AnswerWithin)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }).RemoveAllLoggers();
        services.AddSingleton<HttpChannel>();
        services.AddSingleton<IAlertChannel, WebhookChannel>();
        services.AddSingleton<IAlertChannel, DingTalkChannel>();
        services.AddSingleton<IAlertChannel, WeComChannel>();
        services.AddSingleton<IAlertChannel, MailChannel>();
        services.AddSingleton<AlertChannels>();
        services.AddSingleton<AlertDelivery>();
    }
}
