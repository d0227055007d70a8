using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Core.Metrics.History;
using Portal.Database;
using Portal.Metrics;
using Portal.Tests.Testing;

namespace Portal.Bench;

// A sample is one counter of one volume at one moment, on both sides. The portal is given what agents send, as JSON; Prometheus scrapes the same
// counters from a page. What the portal keeps is points of ten seconds with min, average and max.

/// <summary>What it costs to take counters in and to keep them, beside Prometheus.</summary>
internal static class MetricCost
{
    private const int Volumes = 20;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>In a process of its own: takes so many minutes of so many nodes in, and prints what that took.</summary>
    public static async Task IngestAsync(string data, int nodes, int minutes)
    {
        await using var host = await IngestHost.StartAsync(data);
        IngestTrace[] traces = [.. Enumerable.Range(0, nodes).Select(node => new IngestTrace(node, Volumes, Start, Every))];
        var (cpu, rounds) = (TimeSpan.Zero, minutes * 60 / (int)Every.TotalSeconds);
        for (var round = 0; round < rounds; round++)
        {
            byte[][] sent = [.. traces.Select(trace => JsonSerializer.SerializeToUtf8Bytes(new SampleBatch([trace.Next()]), ContractJson.Default.SampleBatch))];
            var before = Environment.CpuUsage.TotalTime;
            await Task.WhenAll(sent.Select((bytes, node) =>
                host.Inbox.KeepAsync("edge-" + node, "spool", JsonSerializer.Deserialize(bytes, ContractJson.Default.SampleBatch)!.Samples, CancellationToken.None)));
            if (round % 12 == 11) await host.FoldAsync();
            cpu += Environment.CpuUsage.TotalTime - before;
        }
        await host.FoldAsync();
        await using var database = await host.Databases.CreateDbContextAsync();
        var kept = await database.Segments.SumAsync(row => (long)row.Data.Length);
        var raw = await database.Readings.SumAsync(row => (long)row.Data.Length);
        var bytes = await BytesAsync(database, data);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cpu.TotalMicroseconds} {kept} {raw} {bytes} {Environment.WorkingSet}"));
    }

    /// <summary>What the database takes where it lies.</summary>
    private static async Task<long> BytesAsync(PortalDb database, string data)
    {
        if (database.Database.IsNpgsql())
        {
            await database.Database.ExecuteSqlRawAsync("VACUUM");
            return await database.Database.SqlQuery<long>($"""SELECT sum(pg_total_relation_size(oid))::bigint AS "Value" FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace""").SingleAsync();
        }
        await database.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        return new FileInfo(Path.Combine(data, "portal.db")).Length;
    }

    public static async Task PrintAsync(int nodes, int minutes, int seconds)
    {
        using var data = new TemporaryFolder();
        var samples = (double)nodes * Volumes * IngestTrace.CountersOfADevice * (minutes * 60 / Every.TotalSeconds);
        var words = await MeasureAsync(data.Path, nodes, minutes);
        Console.WriteLine(Figure.Line("portal: samples taken in", samples / 1e6, "million"));
        Console.WriteLine(Figure.Line("portal: CPU", words[0] / samples, "us a sample"));
        Console.WriteLine(Figure.Line("portal: 5,000 nodes x 20 volumes each 5 s", words[0] / samples * 5000 * Volumes * IngestTrace.CountersOfADevice / Every.TotalSeconds / 1e4, "% of one core"));
        Console.WriteLine(Figure.Line("portal: segments", words[1] / samples, "bytes a sample"));
        Console.WriteLine(Figure.Line("portal: the last minutes, not folded", words[2] / 1e6, "MB"));
        Console.WriteLine(Figure.Line("portal: the whole file", words[3] / samples, "bytes a sample"));
        Console.WriteLine(Figure.Line("portal: memory (resident)", words[4] / (1 << 20), "MiB"));
        await PrintPostgresAsync(nodes, minutes, words, samples);
        await PrometheusAsync(nodes, seconds);
        await BlocksAsync(Math.Min(nodes, 20), minutes);
        await QueryAsync();
    }

    private static async Task PrintPostgresAsync(int nodes, int minutes, double[] sqlite, double samples)
    {
        await using var server = await PostgresServer.StartAsync();
        var words = await MeasureAsync((await server.NewDatabaseAsync()).ConnectionString, nodes, minutes);
        Console.WriteLine(Figure.Line("with PostgreSQL: portal's CPU", words[0] / samples, $"us a sample, {words[0] / sqlite[0]:0.00} of SQLite's"));
        Console.WriteLine(Figure.Line("with PostgreSQL: tables and indexes", words[3] / samples, $"bytes a sample, {words[3] / sqlite[3]:0.00} of SQLite's"));
    }

    private static async Task<double[]> MeasureAsync(string data, int nodes, int minutes)
    {
        using var process = BenchProcess.Start("ingest-cost", data, $"{nodes}", $"{minutes}");
        return [.. (await process.StandardOutput.ReadToEndAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
    }

    private static async Task PrometheusAsync(int nodes, int seconds)
    {
        IngestTrace[] traces = [.. Enumerable.Range(0, nodes).Select(node => new IngestTrace(node, Volumes, Start, Every))];
        var pages = 0;
        await using var target = await PageAsync(() =>
        {
            pages++;
            return Page(traces, null);
        });
        using var folder = new TemporaryFolder();
        var config = Path.Combine(folder.Path, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: { scrape_interval: 5s, scrape_timeout: 5s }
            scrape_configs: [{ job_name: bench, static_configs: [{ targets: ["{{new Uri(target.Urls.First()).Authority}}"] }] }]
            """);
        var began = new ProcessStartInfo("prometheus", [$"--config.file={config}", $"--storage.tsdb.path={folder.Path}/data", "--web.listen-address=127.0.0.1:0", "--log.level=error"]) { RedirectStandardError = true };
        using var prometheus = Process.Start(began)!;
        try
        {
            while (pages < 3) await Task.Delay(100);
            var (first, before) = (pages, ProcessUse.Of(prometheus.Id));
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            var (last, after) = (pages, ProcessUse.Of(prometheus.Id));
            var samples = (double)(last - first) * nodes * Volumes * IngestTrace.CountersOfADevice;
            Console.WriteLine(Figure.Line("Prometheus: samples scraped", samples / 1e6, "million"));
            Console.WriteLine(Figure.Line("Prometheus: CPU", (after.Cpu - before.Cpu).TotalMicroseconds / samples, "us a sample"));
            Console.WriteLine(Figure.Line("Prometheus: memory (resident)", after.ResidentBytes / (double)(1 << 20), "MiB"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    /// <summary>The blocks that Prometheus makes of the same trace.</summary>
    private static async Task BlocksAsync(int nodes, int minutes)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "trace.om");
        var rounds = minutes * 60 / (int)Every.TotalSeconds;
        await using (var text = new StreamWriter(file))
        {
            IngestTrace[] traces = [.. Enumerable.Range(0, nodes).Select(node => new IngestTrace(node, Volumes, Start, Every))];
            for (var round = 0; round < rounds; round++) await text.WriteAsync(Page(traces, Start + (round * Every)));
            await text.WriteAsync("# EOF\n");
        }
        var blocks = Path.Combine(folder.Path, "blocks");
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["tsdb", "create-blocks-from", "openmetrics", file, blocks]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, wrong) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();
        if (promtool.ExitCode != 0) throw new InvalidOperationException(await said + await wrong);
        var bytes = Directory.EnumerateFiles(blocks, "*", SearchOption.AllDirectories).Sum(one => new FileInfo(one).Length);
        Console.WriteLine(Figure.Line("Prometheus: blocks", bytes / ((double)rounds * nodes * Volumes * IngestTrace.CountersOfADevice), "bytes a sample"));
    }

    private static string Page(IngestTrace[] traces, DateTimeOffset? at)
    {
        var text = new StringBuilder();
        var time = at is { } moment ? " " + moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) : "";
        foreach (var (labels, values) in traces.SelectMany(trace => trace.Series(trace.Next())))
            for (var i = 0; i < values.Length; i++) text.Append(CultureInfo.InvariantCulture, $"io_{i}{{{labels}}} {values[i]}{time}\n");
        return text.ToString();
    }

    private static async Task<WebApplication> PageAsync(Func<string> page)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/metrics", (HttpContext context) => context.Response.WriteAsync(page()));
        await app.StartAsync();
        return app;
    }

    private static async Task QueryAsync()
    {
        using var data = new TemporaryFolder();
        await using var host = await IngestHost.StartAsync(data.Path);
        var now = Tier.Hours.WindowOf(Start.ToUnixTimeMilliseconds());
        await using (var database = await host.Databases.CreateDbContextAsync())
        {
            foreach (var tier in Tier.All)
                for (var start = tier.WindowOf(now - (long)TimeSpan.FromDays(Math.Min(90, tier.Retention.TotalDays)).TotalMilliseconds); start < now; start += tier.WindowMilliseconds) database.Segments.Add(Made(tier, start));
            await database.SaveChangesAsync();
        }
        await host.History.LoadAsync(host.Databases, CancellationToken.None);
        var source = new HistorySource(host.Databases, host.History);
        var of = Measured.LogicalVolume("edge-0", "myvg1", "7");
        foreach (var (name, keys) in ((string, SeriesKey[])[])[("one volume, 8 series", [.. Metric.Io.Select(metric => new SeriesKey(of, metric))]),
            ("all 20 volumes, 160 series", [.. from volume in Enumerable.Range(0, Volumes) from metric in Metric.Io select new SeriesKey(Measured.LogicalVolume("edge-0", "myvg1", $"{volume}"), metric)])])
        {
            var times = new List<TimeSpan>();
            for (var i = 0; i < 11; i++)
            {
                var began = Stopwatch.GetTimestamp();
                var end = DateTimeOffset.FromUnixTimeMilliseconds(now);
                var answer = await source.QueryAsync(new([.. keys], end.AddDays(-90), end, TimeSpan.FromHours(1)), CancellationToken.None);
                if (answer.Any(series => series.Points.Length < 2100)) throw new InvalidOperationException("Points are missing.");
                if (i > 0) times.Add(Stopwatch.GetElapsedTime(began));
            }
            Console.WriteLine(new Samples("90 days of " + name, times).ToRow());
        }
    }

    private static SegmentRow Made(Tier tier, long start)
    {
        var random = new Random((int)(start / 1000));
        var segment = Segment.Of(tier, start);
        foreach (var (volume, metric) in from volume in Enumerable.Range(0, Volumes) from metric in Metric.Io select (volume, metric))
        {
            var column = segment.Column(new(MeasuredKind.LogicalVolume, $"myvg1/{volume}", metric.Code));
            for (var i = 0; i < segment.Count; i++) column.Add(i, 1, random.Next(100), 100 + random.Next(1000), 1200 + random.Next(1000));
        }
        return new() { Stream = "edge-0", Tier = tier.Seconds, Start = start, Data = SegmentCodec.Encode(segment) };
    }
}
