using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Texts;
using Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Database;

/// <summary>Each database that cannot be worked with, by its own sentence.</summary>
public sealed class UnusableDatabaseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_says_so_and_not_which() =>
        await RefusedAsync(nameof(DatabaseTexts.NotLetIn), false, database => database.Password = "wr0ng");

    [Fact]
    public async Task A_missing_password_says_so() => await RefusedAsync(nameof(DatabaseTexts.NotLetIn), false, database => database.Password = null);

    [Fact]
    public async Task An_unknown_user_says_so() => await RefusedAsync(nameof(DatabaseTexts.NotLetIn), false, database => database.Username = "nobody");

    [Fact]
    public async Task A_missing_database_comes_with_the_statement_that_makes_it()
    {
        var refused = await RefusedAsync(nameof(DatabaseTexts.NoDatabase), false, database => database.Database = "nowhere");

        Assert.Contains("CREATE DATABASE nowhere OWNER portal", refused.Problem.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_without_rights_in_a_database_comes_with_the_statement_that_gives_them()
    {
        var server = await PostgresServer.SharedAsync();
        var others = (await server.NewDatabaseAsync()).Database!;

        var refused = await RefusedAsync(nameof(DatabaseTexts.NoRights), false, database => database.Database = others);

        Assert.Contains($"ALTER DATABASE {others} OWNER TO portal", refused.Problem.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_hold_every_language_is_refused() =>
        await RefusedAsync(await (await PostgresServer.SharedAsync()).NewDatabaseAsync("ENCODING 'LATIN1' TEMPLATE template0"), nameof(DatabaseTexts.NotUtf8), false);

    [Fact]
    public async Task A_server_without_encryption_is_said_to_have_none() => await RefusedAsync(nameof(DatabaseTexts.NoTls), false, database => database.SslMode = SslMode.Require);

    [Fact]
    public async Task An_address_where_nothing_listens_may_answer_later() => await RefusedAsync(nameof(DatabaseTexts.Unreachable), true, database => database.Port = 9);

    [Fact]
    public async Task A_name_that_nobody_knows_may_be_known_later() => await RefusedAsync(nameof(DatabaseTexts.Unreachable), true, database => database.Host = "nowhere.invalid");

    [Fact]
    public async Task A_server_that_takes_no_changes_is_said_to_be_one()
    {
        var database = await (await PostgresServer.SharedAsync()).NewDatabaseAsync();
        database.Options = "-c default_transaction_read_only=on";

        await RefusedAsync(database, nameof(DatabaseTexts.ReadOnly), true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_of_a_newer_portal_is_left_alone(bool isPostgres)
    {
        using var test = isPostgres ? TestDatabase.OnPostgres() : new TestDatabase();
        await DatabaseServices.MigrateAsync(test.Databases, Cancel);
        await using (var database = await test.Databases.CreateDbContextAsync(Cancel))
            await database.Database.ExecuteSqlAsync($"""INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('29990101000000_Later', '99')""", Cancel);

        using var opened = new PortalDatabase(test.Address);
        var refused = await Assert.ThrowsAsync<DatabaseUnusableException>(() => opened.OpenAsync(Cancel));

        Assert.Equal((DatabaseTexts.Newer(test.Address.Shown, "29990101000000_Later"), false), (refused.Problem, refused.MayPass));
    }

    // The provider then says that a transaction was disposed of, and why only inside that.
    [Fact]
    public async Task A_commit_over_a_connection_that_has_ended_is_the_databases_failure()
    {
        using var test = TestDatabase.OnPostgres();
        await using var database = await test.Databases.CreateDbContextAsync(Cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(Cancel);
        var session = await database.Database.SqlQuery<int>($"SELECT pg_backend_pid() AS \"Value\"").SingleAsync(Cancel);
        await (await PostgresServer.SharedAsync()).ExecuteAsync("postgres", $"SELECT pg_terminate_backend({session})");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => database.Database.ExecuteSqlAsync($"SELECT 1", Cancel));

        var failed = await Assert.ThrowsAsync<ObjectDisposedException>(() => transaction.CommitAsync(Cancel));

        Assert.True(DatabaseProblem.IsOf(failed));
        Assert.Equal(nameof(DatabaseTexts.Starting), DatabaseProblem.Explain(failed, test.Address)!.Problem.Key);
    }

    [Fact]
    public void A_failure_of_something_else_is_not_the_databases() => Assert.False(DatabaseProblem.IsOf(new InvalidOperationException("", new IOException())));

    [Fact]
    public async Task A_file_in_a_folder_that_is_not_there_is_a_sentence()
    {
        using var opened = new PortalDatabase(DatabaseAddress.InFolder("/not/there"));

        Assert.Equal(nameof(DatabaseTexts.FileUnopened), (await Assert.ThrowsAsync<DatabaseUnusableException>(() => opened.OpenAsync(Cancel))).Problem.Key);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_a_sentence()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "portal.db"), string.Concat(Enumerable.Repeat("not a database ", 1000)), Cancel);
        using var opened = new PortalDatabase(DatabaseAddress.InFolder(folder.Path));

        Assert.Equal(nameof(DatabaseTexts.FileDamaged), (await Assert.ThrowsAsync<DatabaseUnusableException>(() => opened.OpenAsync(Cancel))).Problem.Key);
    }

    private static async Task<DatabaseUnusableException> RefusedAsync(string key, bool mayPass, Action<NpgsqlConnectionStringBuilder> spoil)
    {
        var database = await (await PostgresServer.SharedAsync()).NewDatabaseAsync();
        spoil(database);
        return await RefusedAsync(database, key, mayPass);
    }

    private static async Task<DatabaseUnusableException> RefusedAsync(NpgsqlConnectionStringBuilder database, string key, bool mayPass)
    {
        using var opened = new PortalDatabase(DatabaseAddress.Postgres(database.ConnectionString));

        var refused = await Assert.ThrowsAsync<DatabaseUnusableException>(() => opened.OpenAsync(Cancel));

        Assert.Equal((key, mayPass), (refused.Problem.Key, refused.MayPass));
        if (database.Password is { Length: > 0 } password) Assert.DoesNotContain(password, refused.ToString(), StringComparison.Ordinal);
        return refused;
    }
}
