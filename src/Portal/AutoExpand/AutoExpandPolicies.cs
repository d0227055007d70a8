using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Kubernetes;
using Portal.Core.Texts;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes.AutoExpand;
using Portal.Database;

namespace Portal.AutoExpand;

/// <summary>A policy for one volume, or for all volumes of a StorageClass.</summary>
public sealed record AutoExpandPolicy(long Id, ObjectName? Volume, string? StorageClass, AutoExpandRules Rules, bool IsEnabled, string SavedBy, DateTimeOffset SavedAt);

/// <summary>An expansion by policy, or why there was none.</summary>
public sealed record AutoExpansion(string Volume, DateTimeOffset At, string From, string? To, Message? Problem, long? OperationId);

/// <param name="Latest">Of each volume the last thing that its policy did, or could not do.</param>
public sealed record AutoExpandState(ImmutableArray<AutoExpandPolicy> Policies, ImmutableDictionary<string, AutoExpansion> Latest)
{
    public static readonly AutoExpandState Empty = new([], ImmutableDictionary<string, AutoExpansion>.Empty);

    /// <summary>What counts for a volume: its own policy before that of its class; null where there is none.</summary>
    public AutoExpandPolicy? Of(Volume volume) => Policies.FirstOrDefault(policy => policy.Volume == volume.Name)
        ?? Policies.FirstOrDefault(policy => policy.StorageClass is { } name && name == volume.Claim?.Spec.StorageClassName);
}

/// <summary>Policies and what came of them, on disk and live for every page.</summary>
public sealed class AutoExpandPolicies(IDbContextFactory<PortalDb> databases, TimeProvider time) : IHostedService
{
    private const int Shown = 20;

    public Live<AutoExpandState> Live { get; } = new(AutoExpandState.Empty);

    /// <summary>When each volume was expanded by its policy last.</summary>
    public ImmutableDictionary<string, DateTimeOffset> ExpandedAt { get; private set; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    public Task StartAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Saves the policy of a volume or a class in place of the one that was seen. What came of it stays, and so does the time it waits after an expansion.</summary>
    /// <param name="seen">What was there; null for nothing.</param>
    public async Task<SaveOutcome<AutoExpandPolicy>> SaveAsync(AutoExpandPolicy? seen, ObjectName? volume, string? storageClass, AutoExpandRules rules, bool isEnabled, string by, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
        {
            var (ns, name) = (volume?.Namespace, volume?.Name);
            // Transactions of this database run one after the other: what is read in this one is still so when it writes.
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            var row = await database.AutoExpandPolicies.FirstOrDefaultAsync(one => one.Namespace == ns && one.Volume == name && one.StorageClass == storageClass, cancel);
            var theirs = row is null ? null : Read(row);
            if (theirs != seen) return new(false, theirs);
            if (row is null) database.AutoExpandPolicies.Add(row = new AutoExpandPolicyRow { Namespace = ns, Volume = name, StorageClass = storageClass, Rules = "", SavedBy = by });
            (row.Rules, row.IsEnabled, row.SavedBy, row.SavedAt) = (rules.ToJson(), isEnabled, by, time.GetUtcNow());
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        await LoadAsync(cancel);
        return SaveOutcome<AutoExpandPolicy>.Saved;
    }

    public async Task DeleteAsync(long id, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
            await database.AutoExpandPolicies.Where(row => row.Id == id).ExecuteDeleteAsync(cancel);
        await LoadAsync(cancel);
    }

    /// <summary>Writes down what a policy did; the same problem of a volume is written once.</summary>
    public async Task RecordAsync(long policy, AutoExpansion what, CancellationToken cancel)
    {
        if (what.Problem is { } problem && Live.Current.Latest.GetValueOrDefault(what.Volume)?.Problem == problem) return;
        await using var database = await databases.CreateDbContextAsync(cancel);
        database.AutoExpansions.Add(new AutoExpansionRow
        {
            PolicyId = policy, Volume = what.Volume, At = what.At, FromSize = what.From, ToSize = what.To, OperationId = what.OperationId,
            Problem = what.Problem is null ? null : System.Text.Json.JsonSerializer.Serialize(what.Problem),
        });
        await database.SaveChangesAsync(cancel);
        if (what.Problem is null) ExpandedAt = ExpandedAt.SetItem(what.Volume, what.At);
        Live.Update(state => state with { Latest = state.Latest.SetItem(what.Volume, what) });
    }

    /// <summary>A volume that could not be expanded needs it no more, or has no policy any more.</summary>
    public void Forget(string volume)
    {
        if (Live.Current.Latest.GetValueOrDefault(volume)?.Problem is not null) Live.Update(state => state with { Latest = state.Latest.Remove(volume) });
    }

    /// <summary>What a volume's policy did, the last first.</summary>
    public async Task<ImmutableArray<AutoExpansion>> HistoryAsync(string volume, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var rows = await database.AutoExpansions.AsNoTracking().Where(row => row.Volume == volume).OrderByDescending(row => row.Id).Take(Shown).ToListAsync(cancel);
        return [.. rows.Select(Read)];
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var policies = await database.AutoExpandPolicies.AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancel);
        var last = await database.AutoExpansions.Where(row => row.Problem == null).GroupBy(row => row.Volume).Select(rows => new { rows.Key, At = rows.Max(row => row.At) }).ToListAsync(cancel);
        ExpandedAt = last.ToImmutableDictionary(one => one.Key, one => one.At);
        Live.Update(state => state with { Policies = [.. policies.Select(Read)] });
    }

    private static AutoExpandPolicy Read(AutoExpandPolicyRow row) =>
        new(row.Id, row.Volume is { } name ? new(row.Namespace, name) : null, row.StorageClass, AutoExpandRules.FromJson(row.Rules), row.IsEnabled, row.SavedBy, row.SavedAt);

    private static AutoExpansion Read(AutoExpansionRow row) =>
        new(row.Volume, row.At, row.FromSize, row.ToSize, row.Problem is null ? null : System.Text.Json.JsonSerializer.Deserialize<Message>(row.Problem), row.OperationId);
}
