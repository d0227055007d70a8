using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Portal.Core.Metrics;

namespace Portal.Metrics;

/// <summary>Answers from a Prometheus that scrapes the portal, or what speaks its API: https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries.
/// A series that it does not answer for comes back without points.</summary>
public sealed partial class PrometheusSource(IHttpClientFactory clients, ILogger<PrometheusSource> logger) : IMetricSource
{
    private const int AtOnce = 4;

    public async Task<ImmutableArray<MetricSeries>> QueryAsync(MetricQuery query, CancellationToken cancel)
    {
        using var gate = new SemaphoreSlim(AtOnce);
        return [.. await Task.WhenAll(query.Series.Select(async key =>
        {
            await gate.WaitAsync(cancel);
            try
            {
                return await QueryAsync(key, query, cancel);
            }
            catch (Exception failed) when (failed is HttpRequestException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException || (failed is TaskCanceledException && !cancel.IsCancellationRequested))
            {
                LogFailed(failed.Message);
                return new MetricSeries(key, [], null);
            }
            finally
            {
                gate.Release();
            }
        }))];
    }

    private async Task<MetricSeries> QueryAsync(SeriesKey key, MetricQuery query, CancellationToken cancel)
    {
        if (PromQl.Of(key, query.Step) is not { } expression) return new(key, [], null);
        var step = Math.Max(1, (long)query.Step.TotalSeconds);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["query"] = expression,
            ["start"] = Text(query.From.ToUnixTimeSeconds() / step * step),
            ["end"] = Text(query.To.ToUnixTimeSeconds()),
            ["step"] = Text(step),
        });
        using var http = clients.CreateClient(nameof(PrometheusSource));
        using var response = await http.PostAsync(new Uri("api/v1/query_range", UriKind.Relative), form, cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        using var document = await JsonDocument.ParseAsync(body, default, cancel);
        var answer = document.RootElement;
        if (answer.GetProperty("status").GetString() != "success") throw new FormatException($"Prometheus refused {expression}: {answer.GetProperty("error").GetString()}");
        var points = ImmutableArray.CreateBuilder<MetricPoint>();
        foreach (var series in answer.GetProperty("data").GetProperty("result").EnumerateArray().Take(1))
            foreach (var pair in series.GetProperty("values").EnumerateArray()) Add(points, pair, step * 1000);
        return new(key, points.ToImmutable(), points.Count == 0 ? null : MetricOrigin.Prometheus);

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static void Add(ImmutableArray<MetricPoint>.Builder points, JsonElement pair, long step)
    {
        // A point of Prometheus tells of the time before it, one of the portal of the time after it.
        var at = (long)(pair[0].GetDouble() * 1000) - step;
        var value = double.Parse(pair[1].GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (points.Count > 0 && at - points[^1].At > step && !points[^1].IsGap) points.Add(MetricPoint.Gap(points[^1].At + step));
        points.Add(double.IsFinite(value) ? MetricPoint.One(at, value) : MetricPoint.Gap(at));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Prometheus did not answer, and the portal's own history does: {Problem}")]
    private partial void LogFailed(string problem);
}
