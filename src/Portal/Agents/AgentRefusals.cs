using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Database;

namespace Portal.Agents;

/// <summary>An agent that was not let in.</summary>
/// <param name="Node">The node it wanted to speak for; null when it did not come to say so.</param>
/// <param name="Count">How often within a day.</param>
public sealed record RefusedAgent(long Id, string Address, string? Node, string Reason, int Count, DateTimeOffset LastAt);

public sealed record RefusedAgents(ImmutableArray<RefusedAgent> Rows);

/// <summary>Writes down who was not let in, and why: equal ones are one line with a count, written at most every ten seconds, so that a storm fills
/// neither the log nor the disk.</summary>
public sealed partial class AgentRefusals(IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<AgentRefusals> logger) : BackgroundService
{
    private const int KeptRows = 1_000;
    private const int LongestText = 300;
    private const int MostKinds = 100;
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);

    // After that, the same refusal begins a new line.
    private static readonly TimeSpan CountedFor = TimeSpan.FromDays(1);

    // What a person reads: the newest are enough to see what is going on.
    private const int ShownRows = 100;

    private readonly Lock _gate = new();
    private readonly Signal _noted = new();
    private Dictionary<Refusal, int> _pending = [];

    /// <param name="address">Where it came from.</param>
    /// <param name="node">The node it wanted to speak for; null when it did not come to say so.</param>
    public void Note(string address, string? node, string reason)
    {
        lock (_gate)
        {
            var refusal = new Refusal(address, Cut(node), Cut(reason)!);
            if (_pending.Count >= MostKinds && !_pending.ContainsKey(refusal)) refusal = new("", null, "many different ones");
            _pending[refusal] = _pending.GetValueOrDefault(refusal) + 1;
        }
        _noted.Set();
    }

    /// <summary>As of the last time they were listed or written.</summary>
    public Live<RefusedAgents> Live { get; } = new(new([]));

    /// <summary>The last to come first.</summary>
    public async Task<RefusedAgents> ListAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var rows = await database.AgentRefusals.AsNoTracking().OrderByDescending(row => row.LastAt).Take(ShownRows).ToListAsync(cancel);
        Live.Publish(new([.. rows.Select(row => new RefusedAgent(row.Id, row.Address, row.Node, row.Reason, row.Count, row.LastAt))]));
        return Live.Current;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _noted.WaitAsync(stoppingToken);
                await WriteAsync(stoppingToken);
                await Task.Delay(WriteEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        Dictionary<Refusal, int> taken;
        lock (_gate) (taken, _pending) = (_pending, []);
        foreach (var (refusal, count) in taken) LogRefused(refusal.Address, refusal.Node, refusal.Reason, count);
        try
        {
            await using var database = await databases.CreateDbContextAsync(cancel);
            foreach (var (refusal, count) in taken) await AddAsync(database, refusal, count, cancel);
            await database.SaveChangesAsync(cancel);
            var oldest = await database.AgentRefusals.OrderByDescending(row => row.Id).Select(row => row.Id).Skip(KeptRows).FirstOrDefaultAsync(cancel);
            await database.AgentRefusals.Where(row => row.Id <= oldest).ExecuteDeleteAsync(cancel);
            await ListAsync(cancel);
        }
        catch (Exception failed) when (DatabaseProblem.IsOf(failed))
        {
            LogNotWritten(failed);
        }
    }

    private async Task AddAsync(PortalDb database, Refusal refusal, int count, CancellationToken cancel)
    {
        var (now, since) = (time.GetUtcNow(), time.GetUtcNow() - CountedFor);
        var row = await database.AgentRefusals.FirstOrDefaultAsync(
            row => row.Address == refusal.Address && row.Node == refusal.Node && row.Reason == refusal.Reason && row.FirstAt > since, cancel);
        if (row is null) database.AgentRefusals.Add(row = new AgentRefusalRow { Address = refusal.Address, Node = refusal.Node, Reason = refusal.Reason, FirstAt = now });
        row.LastAt = now;
        row.Count += count;
    }

    private static string? Cut(string? text) => text is { Length: > LongestText } ? text[..LongestText] : text;

    [LoggerMessage(Level = LogLevel.Warning, Message = "An agent from {Address} was refused (node {Node}): {Reason}; {Count} times")]
    private partial void LogRefused(string address, string? node, string reason, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refused agents could not be written down")]
    private partial void LogNotWritten(Exception failed);

    private sealed record Refusal(string Address, string? Node, string Reason);
}
