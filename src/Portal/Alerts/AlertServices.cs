namespace Portal.Alerts;

/// <summary>Registers forecasts, alerts and what becomes of them.</summary>
public static class AlertServices
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<AlertStore>();
        services.AddSingleton<Forecasts>();
        services.AddHostedService(provider => provider.GetRequiredService<Forecasts>());
        services.AddSingleton<AlertFactsReader>();
        services.AddSingleton<AlertWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertWatch>());
    }
}
