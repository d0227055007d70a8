using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Portal.Core;
using Portal.Core.Alerts;
using Portal.Core.Forecast;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;

namespace Portal.Alerts;

/// <summary>When everything is full whose past is known.</summary>
public sealed record ForecastBook(ImmutableDictionary<Measured, FillForecast> All)
{
    public static readonly ForecastBook Empty = new(ImmutableDictionary<Measured, FillForecast>.Empty);
}

/// <summary>Makes forecasts from the history: node by node, with pauses, because nothing that takes days to fill has to be known in a second.</summary>
public sealed partial class Forecasts(Live<StorageState> storage, TimeProvider time, IMetricSource source, ILogger<Forecasts> logger) : BackgroundService
{
    private const double PausePerWork = 9;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortPast = TimeSpan.FromDays(2);

    public Live<ForecastBook> Live { get; } = new(ForecastBook.Empty);

    /// <summary>The past of one thing and where it leads, as of now; null where nothing measures it.</summary>
    public async Task<FillOutlook?> OutlookAsync(Measured of, CancellationToken cancel) => (await MakeAsync([of], cancel)).GetValueOrDefault(of);

    [SuppressMessage("Design", "CA1031", Justification = "The loop of a background service: logged, and tried again.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(FirstAfter, time, stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await MakeAllAsync(stoppingToken);
                }
                catch (Exception failed) when (failed is not OperationCanceledException)
                {
                    LogFailed(failed);
                }
                await Task.Delay(Every, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
    }

    private async Task MakeAllAsync(CancellationToken cancel)
    {
        var current = storage.Current;
        var known = new HashSet<Measured>();
        foreach (var node in current.Nodes)
        {
            var began = time.GetTimestamp();
            Measured[] measured = [.. node.Volumes.Select(AlertObjects.MeasuredAs).OfType<Measured>(), .. AlertObjects.PoolsAndGroups(node)];
            known.UnionWith(measured);
            var made = await MakeAsync(measured, cancel);
            Live.Update(book => new(book.All.SetItems(made.Select(one => KeyValuePair.Create(one.Key, one.Value.Forecast)))));
            await Task.Delay(time.GetElapsedTime(began) * PausePerWork, time, cancel);
        }
        Live.Update(book => new(book.All.RemoveRange(book.All.Keys.Where(measured => !known.Contains(measured)))));
    }

    private async Task<Dictionary<Measured, FillOutlook>> MakeAsync(Measured[] things, CancellationToken cancel)
    {
        var outlooks = new Dictionary<Measured, FillOutlook>();
        if (things.Length == 0) return outlooks;
        var now = time.GetUtcNow();
        var pasts = await PastAsync(things, FillTrace.Window, TimeSpan.FromHours(1), now, cancel);
        Measured[] young = [.. things.Where(thing => pasts[thing].Past.Used is [var first, ..] && now - first.Time < ShortPast)];
        if (young.Length > 0)
        {
            foreach (var (thing, past) in await PastAsync(young, ShortPast, TimeSpan.FromMinutes(10), now, cancel)) pasts[thing] = past;
        }
        foreach (var (thing, (past, origin)) in pasts)
            if (!past.Used.IsEmpty) outlooks[thing] = new(past, past.Forecast(now)) { Of = LevelAndSize(thing).First(), Origin = origin };
        return outlooks;
    }

    private async Task<Dictionary<Measured, (FillTrace Past, MetricOrigin? Origin)>> PastAsync(Measured[] things, TimeSpan back, TimeSpan step, DateTimeOffset now, CancellationToken cancel)
    {
        ImmutableArray<SeriesKey> keys = [.. things.SelectMany(LevelAndSize)];
        var answers = await source.QueryAsync(new(keys, now - back, now, step), cancel);
        var found = answers.ToDictionary(series => series.Key);
        return things.ToDictionary(thing => thing, thing => (TraceOf(thing, found), LevelAndSize(thing).Select(key => found[key].Origin).Max()));
    }

    private static IEnumerable<SeriesKey> LevelAndSize(Measured thing) => thing.Kind switch
    {
        MeasuredKind.ThinPool => [new(thing, Metric.DataPercent)],
        MeasuredKind.VolumeGroup => [new(thing, Metric.FreeBytes), new(thing, Metric.SizeBytes)],
        _ => [new(thing, Metric.UsedBytes), new(thing, Metric.SizeBytes)],
    };

    private static FillTrace TraceOf(Measured thing, Dictionary<SeriesKey, MetricSeries> found)
    {
        if (thing.Kind == MeasuredKind.ThinPool) return new(found[new(thing, Metric.DataPercent)].Points, 100, MetricUnit.Percent);
        var size = found[new(thing, Metric.SizeBytes)].Points.LastOrDefault(point => !point.IsGap).Average;
        if (thing.Kind != MeasuredKind.VolumeGroup) return new(found[new(thing, Metric.UsedBytes)].Points, size, MetricUnit.Bytes);
        return new([.. found[new(thing, Metric.FreeBytes)].Points.Select(point => point.IsGap ? point : MetricPoint.One(point.At, size - point.Average))], size, MetricUnit.Bytes);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Forecasts could not be made; they are tried again in ten minutes")]
    private partial void LogFailed(Exception failed);
}
