using System.Diagnostics.CodeAnalysis;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Alerts;
using Portal.Core.TopoLvm;
using Portal.Operations;

namespace Portal.Alerts;

/// <summary>Keeps current what is worth an alert: looks when something changes and at most every few seconds, writes down what begins and ends, and shows it
/// to every page.</summary>
public sealed partial class AlertWatch(
    AlertStore store, AlertFactsReader reader, TimeProvider time, IServiceProvider services, ILogger<AlertWatch> logger) : BackgroundService
{
    private const double PausePerWork = 9;
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(30);

    // Agents come back within a minute after a start; until then nothing is known to be over.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Signal _changed = new();
    private DateTimeOffset _startedAt;

    public Live<AlertBoard> Live { get; } = new(AlertBoard.Empty);

    /// <summary>Raised when there may be something to send.</summary>
    public Signal ToSend { get; } = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _startedAt = time.GetUtcNow();
        Live.Publish(await store.LoadAsync(_startedAt, cancellationToken));
        await base.StartAsync(cancellationToken);
    }

    /// <param name="by">Who takes care; null takes that back.</param>
    public Task AcknowledgeAsync(long id, string? by, CancellationToken cancel) => OneByOneAsync(async () =>
    {
        var now = time.GetUtcNow();
        await store.AcknowledgeAsync(id, by, now, cancel);
        Live.Update(board => board with
        {
            Firing = [.. board.Firing.Select(kept => kept.Id == id ? kept with { AcknowledgedBy = by, AcknowledgedAt = by is null ? null : now } : kept)],
        });
    }, cancel);

    public Task SilenceAsync(string? rule, string? of, TimeSpan span, string why, string by, CancellationToken cancel) => OneByOneAsync(async () =>
    {
        var now = time.GetUtcNow();
        var silence = await store.SilenceAsync(new(0, rule, of, why, by, now, now + span), cancel);
        Live.Update(board => board with { Silences = board.Silences.Add(silence) });
    }, cancel);

    public Task EndSilenceAsync(long id, CancellationToken cancel) => OneByOneAsync(async () =>
    {
        await store.EndSilenceAsync(id, cancel);
        Live.Update(board => board with { Silences = board.Silences.RemoveAll(silence => silence.Id == id) });
    }, cancel);

    public Task SaveAsync(AlertThresholds thresholds, string by, CancellationToken cancel) => OneByOneAsync(async () =>
    {
        await store.SaveAsync(thresholds, by, time.GetUtcNow(), cancel);
        Live.Update(board => board with { Thresholds = thresholds });
        _changed.Set();
    }, cancel);

    /// <summary>Looks at everything once.</summary>
    public Task LookAsync(CancellationToken cancel) => OneByOneAsync(async () =>
    {
        var now = time.GetUtcNow();
        var board = Live.Current;
        var facts = reader.Read(board.Thresholds, board.Firing, now);
        if (!facts.Storage.IsComplete) return;
        var settled = now - _startedAt >= Settling;
        var (firing, changes) = AlertLedger.Next(board.Firing, AlertRules.Find(facts), alert => settled && facts.CanTell(alert), now);
        if (!changes.IsEmpty)
        {
            var ids = await store.SaveAsync(changes, alert => board.SilenceOf(alert, now) is not null, now, cancel);
            firing = [.. firing.Select(kept => kept.Id == 0 ? kept with { Id = ids[kept.Alert.Key] } : kept)];
            foreach (var (kind, kept) in changes) LogChange(kind, kept.Alert.Severity, kept.Alert.What.English);
            ToSend.Set();
        }
        if (changes.IsEmpty && firing.SequenceEqual(board.Firing) && board.Silences.All(silence => silence.EndsAt > now)) return;
        Live.Publish(board with
        {
            Firing = firing,
            Resolved = [.. changes.Where(change => change.Kind == AlertChangeKind.Resolved).Select(change => change.Kept), .. board.Resolved],
            Silences = board.Silences.RemoveAll(silence => silence.EndsAt <= now),
        });
    }, cancel);

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The loop of a background service: logged, and tried again.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var storage = services.GetRequiredService<Live<StorageState>>().Subscribe(_changed.Set);
        using var agents = services.GetRequiredService<Live<AgentsSnapshot>>().Subscribe(_changed.Set);
        using var operations = services.GetRequiredService<OperationRunner>().Live.Subscribe(_changed.Set);
        using var forecasts = services.GetRequiredService<Forecasts>().Live.Subscribe(_changed.Set);
        // Time alone makes alerts too: what is away becomes away for long.
        using var clock = time.CreateTimer(_ => _changed.Set(), null, AtLeastEvery, AtLeastEvery);
        _changed.Set();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _changed.WaitAsync(stoppingToken);
                var began = time.GetTimestamp();
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception failed) when (failed is not OperationCanceledException)
                {
                    LogFailed(failed);
                }
                var pause = time.GetElapsedTime(began) * PausePerWork;
                await Task.Delay(pause > AtMostEvery ? pause : AtMostEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
    }

    private async Task OneByOneAsync(Func<Task> act, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await act();
        }
        finally
        {
            _one.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Change} ({Severity}): {Text}")]
    private partial void LogChange(AlertChangeKind change, AlertSeverity severity, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "Alerts could not be looked at; they are looked at again")]
    private partial void LogFailed(Exception failed);
}
