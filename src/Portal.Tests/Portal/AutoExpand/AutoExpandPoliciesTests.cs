using Portal.AutoExpand;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Volumes.AutoExpand;
using Portal.Database;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.AutoExpand;

public abstract class AutoExpandPoliciesTests : IAsyncLifetime
{
    private static readonly ObjectName Volume = new("shop", "data");
    private static readonly AutoExpandRules Rules = new() { LimitBytes = 100 };

    private readonly TestDatabase _database;
    private readonly ManualTime _time = new();
    private readonly AutoExpandPolicies _policies;

    protected AutoExpandPoliciesTests(TestDatabase database)
    {
        _database = database;
        _policies = new(database.Databases, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AutoExpandPolicy Policy => _policies.Live.Current.Policies.Single();

    public async ValueTask InitializeAsync() => await DatabaseServices.MigrateAsync(_database.Databases, Cancel);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_change_forgets_neither_when_the_volume_was_expanded_nor_what_was_done()
    {
        Assert.True((await SaveAsync(null, Rules)).IsSaved);
        var first = Policy;
        var at = _time.GetUtcNow();
        await _policies.RecordAsync(first.Id, new(Volume.ToString(), at, "1Gi", "2Gi", null, 7), Cancel);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await SaveAsync(first, Rules with { LimitBytes = 50 }, isEnabled: false)).IsSaved);

        Assert.Equal((first.Id, 50L, false, "bob"), (Policy.Id, Policy.Rules.LimitBytes, Policy.IsEnabled, Policy.SavedBy));
        Assert.Equal(at, _policies.ExpandedAt[Volume.ToString()]);
        Assert.Equal("2Gi", _policies.Live.Current.Latest[Volume.ToString()].To);
        var restarted = new AutoExpandPolicies(_database.Databases, _time);
        await restarted.StartAsync(Cancel);
        Assert.Equal(at, restarted.ExpandedAt[Volume.ToString()]);
        Assert.Equal("2Gi", Assert.Single(await restarted.HistoryAsync(Volume.ToString(), Cancel)).To);
    }

    [Fact]
    public async Task What_somebody_else_changed_removed_or_set_meanwhile_is_not_overwritten_but_told()
    {
        await SaveAsync(null, Rules);
        var first = Policy;
        _time.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync(first, Rules with { LimitBytes = 50 });

        var outcome = await SaveAsync(first, Rules with { LimitBytes = 200 });
        Assert.Equal((false, 50L), (outcome.IsSaved, outcome.Theirs?.Rules.LimitBytes));
        Assert.Equal(50, Policy.Rules.LimitBytes);
        Assert.Equal(50, (await SaveAsync(null, Rules)).Theirs?.Rules.LimitBytes);
        await _policies.DeleteAsync(first.Id, Cancel);
        Assert.True((await SaveAsync(outcome.Theirs, Rules)).IsGone);
        Assert.Empty(_policies.Live.Current.Policies);

        Assert.True((await SaveAsync(null, Rules with { LimitBytes = 200 })).IsSaved);
        Assert.Equal(200, Policy.Rules.LimitBytes);
    }

    [Fact]
    public async Task Two_who_set_a_policy_for_one_class_at_once_do_not_make_two()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 5).Select(limit => _policies.SaveAsync(null, null, "fast", Rules with { LimitBytes = limit }, isEnabled: true, "ada", Cancel)));

        Assert.Single(outcomes, outcome => outcome.IsSaved);
        Assert.Equal("fast", Policy.StorageClass);
    }

    private Task<SaveOutcome<AutoExpandPolicy>> SaveAsync(AutoExpandPolicy? seen, AutoExpandRules rules, bool isEnabled = true) =>
        _policies.SaveAsync(seen, Volume, null, rules, isEnabled, "bob", Cancel);
}

public sealed class SqliteAutoExpandPoliciesTests() : AutoExpandPoliciesTests(new());

public sealed class PostgresAutoExpandPoliciesTests() : AutoExpandPoliciesTests(TestDatabase.OnPostgres());
