using System.Text;
using Portal.Core;
using Portal.Core.Cluster;
using Portal.Core.TopoLvm;

namespace Portal.Health;

/// <summary>The addresses for machines: <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>.</summary>
public static class HealthServices
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<MetricsText>();
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton<OperationMetrics>();
        services.AddSingleton<StorageExposition>();
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => "ok");
        app.MapGet("/readyz", (Live<ClusterSnapshot> cluster, Live<StorageState> storage) =>
        {
            if (storage.Current.IsComplete) return Results.Text("ok");
            var missing = cluster.Current.Freshness.Where(kind => kind.IsEssential && kind.Freshness.AsOf is null).Select(kind => kind.Kind).DefaultIfEmpty("the picture of the storage");
            return Results.Text("not read yet: " + string.Join(", ", missing), statusCode: StatusCodes.Status503ServiceUnavailable);
        });
        // Made before the first scrape, because it counts from then on.
        var text = app.Services.GetRequiredService<MetricsText>();
        app.Services.GetRequiredService<ClusterMetrics>();
        app.Services.GetRequiredService<OperationMetrics>();
        app.MapGet("/metrics", async (HttpResponse response, StorageExposition storage, CancellationToken cancel) =>
        {
            response.ContentType = MetricsText.ContentType;
            await using var writer = new StreamWriter(response.Body, Utf8, 1 << 16, leaveOpen: true);
            await writer.WriteAsync(text.Write().AsMemory(), cancel);
            await storage.WriteAsync(writer, cancel);
        });
    }
}
