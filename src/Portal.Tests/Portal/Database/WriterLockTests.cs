using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Texts;
using Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Database;

/// <summary>Two portals on one database of PostgreSQL.</summary>
public sealed class WriterLockTests : IAsyncLifetime
{
    private readonly TestDatabase _test = TestDatabase.OnPostgres();
    private readonly List<ServiceProvider> _portals = [];
    private PortalDatabase _first = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = NewPortal();
        await _first.OpenAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var portal in _portals) await portal.DisposeAsync();
        _test.Dispose();
    }

    [Fact]
    public async Task The_second_is_told_who_works_with_it_and_gets_it_when_that_one_has_ended()
    {
        var second = NewPortal();

        var refused = await Assert.ThrowsAsync<DatabaseUnusableException>(() => second.OpenAsync(Cancel));
        Assert.Equal((nameof(DatabaseTexts.Occupied), true), (refused.Problem.Key, refused.MayPass));
        Assert.Contains("topolvm-portal@", refused.Problem.English, StringComparison.Ordinal);

        _first.Dispose();
        await Eventually.PassesAsync(() => second.OpenAsync(Cancel), Cancel);
        await WriteAsync(1);
    }

    [Fact]
    public async Task One_whose_session_was_cut_takes_it_again()
    {
        await CutSessionsAsync();

        await Eventually.PassesAsync(async () =>
        {
            await _first.CheckAsync(Cancel);
            Assert.Null(_first.Live.Current.Link);
        }, Cancel);

        Assert.Equal(nameof(DatabaseTexts.Occupied), (await Assert.ThrowsAsync<DatabaseUnusableException>(() => NewPortal().OpenAsync(Cancel))).Problem.Key);
    }

    [Fact]
    public async Task One_that_was_overtaken_while_its_session_was_cut_writes_nothing_more_and_ends()
    {
        await WriteAsync(0);
        await CutSessionsAsync();
        var second = NewPortal();
        await Eventually.PassesAsync(() => second.OpenAsync(Cancel), Cancel);

        // The connections that were cut come first.
        await Eventually.PassesAsync(async () => Assert.Equal(nameof(DatabaseTexts.TakenOver), (await Assert.ThrowsAsync<DatabaseUnusableException>(() => WriteAsync(0))).Problem.Key), Cancel);
        await WriteAsync(1);
        await using (var database = await _test.Databases.CreateDbContextAsync(Cancel)) Assert.Equal(2, await database.Silences.CountAsync(Cancel));
        // So does the session.
        await Eventually.PassesAsync(async () => Assert.Equal(DatabaseTexts.TakenOver(_test.Address.Shown), (await Assert.ThrowsAsync<DatabaseUnusableException>(() => _first.CheckAsync(Cancel))).Problem), Cancel);
        Assert.True(_first.IsLost);
    }

    private PortalDatabase NewPortal()
    {
        _portals.Add(new ServiceCollection().AddPortalDatabase(_test.Address).BuildServiceProvider());
        return _portals[^1].GetRequiredService<PortalDatabase>();
    }

    /// <summary>A change of one of the portals, of the kind that could be done twice.</summary>
    private async Task WriteAsync(int portal)
    {
        await using var database = await _portals[portal].GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancel);
        database.Silences.Add(new SilenceRow { Why = "test", CreatedBy = "ada" });
        await database.SaveChangesAsync(Cancel);
    }

    /// <summary>As a firewall does it that forgets connections: the sessions are gone, and their portal does not know yet.</summary>
    private async Task CutSessionsAsync() =>
        await (await PostgresServer.SharedAsync()).ExecuteAsync(_test.Postgres!.Database!, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
}
