using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Agents;
using Portal.Database;

namespace Portal.Agents;

// How far a spool has been kept is written in the same transaction as what was made of its samples: after a crash either both are there or neither,
// and the agent sends again what is not. What arrives while one transaction is written goes into the next, so that thousands of agents cost a few
// commits a second.

/// <summary>Does something lasting with new samples of a node, in order, through the database it is given; what it writes and that the samples were
/// kept become true together.</summary>
public delegate Task SampleSink(PortalDb database, string node, ImmutableArray<NodeSample> samples, CancellationToken cancel);

/// <summary>Hears that new samples of a node are kept, for good.</summary>
public delegate void SamplesKept(string node, ImmutableArray<NodeSample> samples);

/// <summary>Takes samples in, each once, and says how far they are kept.</summary>
public sealed partial class SampleInbox(IDbContextFactory<PortalDb> databases, IEnumerable<SampleSink> sinks, IEnumerable<SamplesKept> listeners, AgentRegistry agents, TimeProvider time, ILogger<SampleInbox> logger)
    : BackgroundService
{
    private const int MostAtOnce = 500;

    // A node has one spool; a few more when its state was lost. Whoever makes up names does not fill the disk.
    private const int SpoolsOfANode = 8;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<Arrival> _arrivals = Channel.CreateBounded<Arrival>(10_000);
    private readonly ConcurrentDictionary<(string Node, string Spool), long> _kept = [];
    private bool _isUnsure;

    /// <summary>The last sample of a spool that is kept; 0 when none is.</summary>
    public long KeptOf(string node, string spool) => _kept.GetValueOrDefault((node, spool));

    /// <summary>Keeps what is new, and returns the last sample that is kept.</summary>
    public async Task<long> KeepAsync(string node, string spool, ImmutableArray<NodeSample> samples, CancellationToken cancel)
    {
        var arrival = new Arrival(node, spool, samples);
        await _arrivals.Writer.WriteAsync(arrival, cancel);
        return await arrival.Kept.Task.WaitAsync(cancel);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var node in (await ReadMarksAsync(database, cancellationToken)).GroupBy(mark => mark.Node)) agents.Remember(node.Key, node.Max(mark => mark.At));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var taken = new List<Arrival>();
        try
        {
            while (await _arrivals.Reader.WaitToReadAsync(stoppingToken))
            {
                taken.Clear();
                while (taken.Count < MostAtOnce && _arrivals.Reader.TryRead(out var arrival)) taken.Add(arrival);
                await KeepAllAsync(taken, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes; what was not answered comes again.
        }
    }

    private async Task KeepAllAsync(List<Arrival> arrivals, CancellationToken cancel)
    {
        var marks = new Dictionary<(string Node, string Spool), long>();
        var gone = new List<(string Node, string Spool)>();
        var kept = new List<(string Node, ImmutableArray<NodeSample> Samples)>();
        try
        {
            await using var database = await databases.CreateDbContextAsync(cancel);
            if (_isUnsure) await ReadMarksAsync(database, cancel);
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            foreach (var arrival in arrivals)
            {
                var last = marks.TryGetValue(arrival.Key, out var mark) ? mark : KeptOf(arrival.Node, arrival.Spool);
                ImmutableArray<NodeSample> fresh = [.. arrival.Samples.Where(sample => sample.Sequence > last)];
                marks[arrival.Key] = fresh.IsEmpty ? last : fresh[^1].Sequence;
                if (fresh.IsEmpty) continue;
                kept.Add((arrival.Node, fresh));
                foreach (var sink in sinks) await sink(database, arrival.Node, fresh, cancel);
            }
            foreach (var (key, sequence) in marks) await MarkAsync(database, key.Node, key.Spool, sequence, gone, cancel);
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed))
        {
            // A commit whose answer was lost may have been one.
            _isUnsure = true;
            LogNotKept(failed, arrivals.Count);
            foreach (var arrival in arrivals) arrival.Kept.TrySetException(new IOException("The samples could not be kept; send them again."));
            // What thousands of agents send meanwhile waits, and is one failure.
            await Task.Delay(PauseAfterFailure, time, cancel);
            return;
        }
        foreach (var key in gone) _kept.TryRemove(key, out _);
        foreach (var (key, sequence) in marks) _kept[key] = sequence;
        foreach (var (node, samples) in kept)
        {
            foreach (var listener in listeners) listener(node, samples);
        }
        foreach (var arrival in arrivals) arrival.Kept.TrySetResult(marks[arrival.Key]);
    }

    private async Task MarkAsync(PortalDb database, string node, string spool, long sequence, List<(string Node, string Spool)> gone, CancellationToken cancel)
    {
        var mark = new SampleMarkRow { Node = node, Spool = spool, Sequence = sequence, At = time.GetUtcNow() };
        if (_kept.ContainsKey((node, spool)))
        {
            // All of a transaction go to the database together.
            database.SampleMarks.Update(mark);
            return;
        }
        database.SampleMarks.Add(mark);
        var old = await database.SampleMarks.Where(row => row.Node == node).OrderByDescending(row => row.At).Skip(SpoolsOfANode - 1).Select(row => row.Spool).ToListAsync(cancel);
        if (old.Count == 0) return;
        await database.SampleMarks.Where(row => row.Node == node && old.Contains(row.Spool)).ExecuteDeleteAsync(cancel);
        gone.AddRange(old.Select(one => (node, one)));
    }

    private async Task<List<SampleMarkRow>> ReadMarksAsync(PortalDb database, CancellationToken cancel)
    {
        var marks = await database.SampleMarks.AsNoTracking().ToListAsync(cancel);
        var known = marks.ToDictionary(row => (row.Node, row.Spool), row => row.Sequence);
        foreach (var (key, sequence) in known) _kept[key] = sequence;
        foreach (var key in _kept.Keys.Where(key => !known.ContainsKey(key))) _kept.TryRemove(key, out _);
        _isUnsure = false;
        return marks;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Samples of {Count} batches could not be kept; their agents send them again")]
    private partial void LogNotKept(Exception failed, int count);

    private sealed record Arrival(string Node, string Spool, ImmutableArray<NodeSample> Samples)
    {
        public (string Node, string Spool) Key => (Node, Spool);

        public TaskCompletionSource<long> Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
