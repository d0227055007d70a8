using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Agents;
using Portal.Core.Metrics;
using Portal.Database;
using Portal.Hosting;
using Portal.Metrics;
using Portal.Simulator;

namespace Portal.Cluster;

// A demo that begins bare has nothing to show on charts. What the simulated agents and the simulated cluster would have told in the last month goes the way
// of all measurements, into a database in which nothing was measured yet, before the first page is served.

/// <summary>Gives the demo's site in use its past, once in the life of a database.</summary>
public sealed partial class DemoPast(
    PortalOptions options, Scenario scenario, MetricHistory history, HistoryFolder folder, IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<DemoPast> logger) : IHostedService
{
    private const string BeganName = "demo.began";
    private const int MomentsAtOnce = 500;

    // As often as the cluster is asked for it.
    private static readonly TimeSpan RoomEvery = TimeSpan.FromMinutes(1);

    /// <summary>What the simulated cluster goes on from; null when it has no past, or the portal manages a real one.</summary>
    public MadePast? Past { get; private set; }

    /// <summary>Until when the history is made up; null where nothing in it is.</summary>
    public DateTimeOffset? MadeUntil { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Demo || scenario.Past is null) return;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        if (await database.Settings.FindAsync([BeganName], cancellationToken) is { } known)
        {
            MadeUntil = DateTimeOffset.Parse(known.Value, CultureInfo.InvariantCulture);
            Past = new(scenario, MadeUntil.Value);
            return;
        }
        Past = new(scenario, time.GetUtcNow());
        if (await IsUsedAsync(database, cancellationToken))
        {
            LogUsed();
            return;
        }
        LogMaking(scenario.Past.Days);
        var began = time.GetTimestamp();
        await WriteAsync(database, Past, cancellationToken);
        MadeUntil = Past.Began;
        await folder.FoldDueAsync(cancellationToken);
        var seconds = (int)Math.Ceiling(time.GetElapsedTime(began).TotalSeconds);
        LogMade(scenario.Past.Days, seconds);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the database is of another cluster, or of a demo without a past.</summary>
    private static async Task<bool> IsUsedAsync(PortalDb database, CancellationToken cancel) =>
        await database.Readings.AnyAsync(cancel) || await database.Segments.AnyAsync(cancel) || await database.SampleMarks.AnyAsync(cancel) || await database.Operations.AnyAsync(cancel);

    /// <summary>All of it becomes true together, or nothing.</summary>
    private async Task WriteAsync(PortalDb database, MadePast past, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        database.Settings.Add(new SettingRow { Name = BeganName, Value = past.Began.ToString("O", CultureInfo.InvariantCulture), SavedBy = "", SavedAt = past.Began });
        var kept = new Dictionary<string, (long First, long Last)>();
        var telling = new Telling();
        foreach (var moments in past.Moments().Chunk(MomentsAtOnce))
        {
            foreach (var node in moments.SelectMany(moment => moment.Nodes).GroupBy(node => node.Name))
            {
                ImmutableArray<NodeSample> samples = [.. node.Select(one => one.Sample)];
                await history.KeepAsync(database, node.Key, samples, cancel);
                Note(MetricStream.OfAgent(node.Key), samples[0].TakenAt.ToUnixTimeMilliseconds(), samples[^1].TakenAt.ToUnixTimeMilliseconds());
            }
            // Rows are of one origin each: what two tell in turn would be a row for every moment.
            foreach (var told in moments.SelectMany(telling.Of).GroupBy(reading => (reading.Node, reading.Origin)))
            {
                ImmutableArray<NodeReading> readings = [.. told];
                await history.AddAsync(database, MetricStream.OfCluster(told.Key.Node), readings, cancel);
                Note(MetricStream.OfCluster(told.Key.Node), readings[0].At, readings[^1].At);
            }
            await database.SaveChangesAsync(cancel);
            database.ChangeTracker.Clear();
        }
        await transaction.CommitAsync(cancel);
        foreach (var (stream, (first, last)) in kept) history.Kept(stream, first, last);

        void Note(string stream, long first, long last) => kept[stream] = (kept.TryGetValue(stream, out var before) ? before.First : first, last);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Making a past of {Days} days for the demo; this first start takes some seconds longer")]
    private partial void LogMaking(int days);

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo's history holds a made past of {Days} days, made in {Seconds} s")]
    private partial void LogMade(int days, int seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database holds measurements or operations already, so that the demo gets no past: start it with another --data folder to see one")]
    private partial void LogUsed();

    /// <summary>What the portal itself would have measured: the work of all disks together, and the room on every node.</summary>
    private sealed class Telling
    {
        private readonly LiveMetrics _rates = new();
        private DateTimeOffset? _roomAt;

        public IEnumerable<NodeReading> Of(PastMoment moment)
        {
            foreach (var node in moment.Nodes) _rates.Accept(node.Name, [NodeReading.From(node.Name, node.Sample)]);
            _rates.Publish();
            var agents = moment.Nodes.ToImmutableSortedDictionary(node => node.Name, node => new NodeAgent(node.Name, "", moment.At) { Inventory = node.Inventory }, StringComparer.Ordinal);
            if (TotalRates.Reading(_rates.Now.Current, new AgentsSnapshot { Nodes = agents }, moment.At) is { } total) yield return total;
            if (_roomAt is { } last && moment.At - last < RoomEvery) yield break;
            _roomAt = moment.At;
            foreach (var reading in moment.Nodes.SelectMany(node => CapacityReading.Of(node.Name, node.Inventory, node.Classes, moment.At))) yield return reading;
        }
    }
}
