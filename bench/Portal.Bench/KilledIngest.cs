using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Metrics;
using Portal.Tests.Testing;

namespace Portal.Bench;

/// <summary>A process that takes samples in, and folds them, is killed again and again; what it had acknowledged must be there, in the points of the
/// history, each once.</summary>
internal static class KilledIngest
{
    private const int Nodes = 4;
    private const int Batch = 20;
    private const long Bytes = 4096;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    // A round window, long enough ago for the system's clock.
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task PrintAsync(int rounds)
    {
        using var folder = new TemporaryFolder();
        Console.WriteLine("SQLite");
        await PrintAsync(rounds, folder.Path);
        await using var server = await PostgresServer.StartAsync();
        Console.WriteLine("PostgreSQL");
        await PrintAsync(rounds, (await server.NewDatabaseAsync()).ConnectionString);
    }

    private static async Task PrintAsync(int rounds, string data)
    {
        var random = new Random(20261127);
        var acknowledged = new ConcurrentDictionary<string, long>();
        var lives = new List<TimeSpan>();
        for (var round = 0; round < rounds; round++)
        {
            using var process = BenchProcess.Start("ingest", data);
            var began = Stopwatch.StartNew();
            var begun = new TaskCompletionSource();
            var reading = ReadAsync(process, acknowledged, begun);
            await Task.WhenAny(begun.Task, reading);
            await Task.Delay(random.Next(20, 1500));
            process.Kill();
            await process.WaitForExitAsync();
            await reading;
            lives.Add(began.Elapsed);
        }
        await using var host = await IngestHost.StartAsync(data);
        await host.FoldAsync();
        var (wrong, points) = (0L, 0L);
        foreach (var (node, last) in acknowledged)
        {
            var kept = host.Inbox.KeptOf(node, "spool");
            if (kept < last) wrong += last - kept;
            var (wrongPoints, all) = await CheckAsync(host, node, kept);
            (wrong, points) = (wrong + wrongPoints, points + all);
        }
        Console.WriteLine(new Samples("start -> killed", lives).ToRow());
        Console.WriteLine(Figure.Line("samples acknowledged", acknowledged.Values.Sum(), ""));
        Console.WriteLine(Figure.Line("points of the history that were checked", points, wrong == 0 ? "all there, all right" : $"WRONG: {wrong}"));
    }

    /// <summary>Takes samples in until it is killed.</summary>
    public static async Task ServeAsync(string data)
    {
        await using var host = await IngestHost.StartAsync(data);
        var folding = Task.Run(async () =>
        {
            while (true)
            {
                await host.FoldAsync();
                await Task.Delay(20);
            }
        });
        await Task.WhenAll([folding, .. Enumerable.Range(0, Nodes).Select(node => SendAsync(host, "edge-" + node))]);
    }

    private static async Task SendAsync(IngestHost host, string node)
    {
        for (var last = host.Inbox.KeptOf(node, "spool"); ;)
        {
            last = await host.Inbox.KeepAsync(node, "spool", [.. Enumerable.Range(1, Batch).Select(i => SampleOf(last + i))], CancellationToken.None);
            await Console.Out.WriteLineAsync($"{node} {last}");
        }
    }

    private static NodeSample SampleOf(long sequence)
    {
        // 1 + 2 + … of what each interval writes, so that any sample can be made without those before it.
        var whole = sequence / 100;
        var writes = (whole * 4950) + Enumerable.Range(0, (int)(sequence % 100) + 1).Sum();
        return new(sequence, Start + (sequence * Every), "boot", [new("8:0", "vda", 0, 0, 0, writes, writes * Bytes, 0, 0, 0, 0)]);
    }

    private static async Task<(long Wrong, long Points)> CheckAsync(IngestHost host, string node, long kept)
    {
        var (wrong, points) = (0L, 0L);
        var source = new HistorySource(host.Databases, host.History);
        var key = new SeriesKey(Measured.Disk(node, "vda"), Metric.WriteThroughput);
        const int Some = 5000;
        for (var from = 1L; from < kept; from += Some)
        {
            var to = Math.Min(kept, from + Some);
            var series = (await source.QueryAsync(new([key], Start + (from * Every), Start + (to * Every), Every), CancellationToken.None)).Single();
            var byTime = series.Points.Where(point => !point.IsGap).ToDictionary(point => point.At, point => point.Average);
            for (var i = from; i < to; i++)
            {
                points++;
                var expected = (i + 1) % 100 * Bytes / Every.TotalSeconds;
                if (!byTime.TryGetValue((Start + (i * Every)).ToUnixTimeMilliseconds(), out var value) || Math.Abs(value - expected) > 1 + (expected / 2000)) wrong++;
            }
        }
        return (wrong, points);
    }

    private static async Task ReadAsync(Process process, ConcurrentDictionary<string, long> acknowledged, TaskCompletionSource begun)
    {
        // The last line may be cut in two by the kill; a number that was cut is smaller, and so asks for less.
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            begun.TrySetResult();
            if (line.Split(' ') is [var node, var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
                acknowledged.AddOrUpdate(node, last, (_, before) => Math.Max(before, last));
        }
    }
}
