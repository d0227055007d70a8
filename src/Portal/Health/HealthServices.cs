using System.Text;
using Portal.Core;
using Portal.Core.Cluster;

namespace Portal.Health;

/// <summary>The addresses for machines: <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>.</summary>
public static class HealthServices
{
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<MetricsText>();
        services.AddSingleton<ClusterMetrics>();
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => "ok");
        app.MapGet("/readyz", (Live<ClusterSnapshot> cluster) =>
        {
            var missing = Missing(cluster.Current);
            return missing.Length == 0 ? Results.Text("ok") : Results.Text("not read yet: " + string.Join(", ", missing), statusCode: StatusCodes.Status503ServiceUnavailable);
        });
        // Made before the first scrape, because it counts from then on.
        var text = app.Services.GetRequiredService<MetricsText>();
        app.Services.GetRequiredService<ClusterMetrics>();
        app.MapGet("/metrics", () => Results.Text(text.Write(), MetricsText.ContentType, Encoding.UTF8));
    }

    private static string[] Missing(ClusterSnapshot cluster) =>
        [.. cluster.Freshness.Where(kind => kind.Freshness.AsOf is null).Select(kind => kind.Kind)];
}
