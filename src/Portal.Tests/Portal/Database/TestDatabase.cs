using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Database;

/// <summary>A database of its own, as the portal makes it.</summary>
public sealed class TestDatabase : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    /// <summary>A file of SQLite.</summary>
    public TestDatabase() : this(null)
    {
    }

    private TestDatabase(NpgsqlConnectionStringBuilder? postgres)
    {
        Postgres = postgres;
        Address = postgres is null ? DatabaseAddress.InFolder(_folder.Path) : DatabaseAddress.Postgres(postgres.ConnectionString);
        _services = new ServiceCollection().AddPortalDatabase(Address).BuildServiceProvider();
    }

    public DatabaseAddress Address { get; }

    /// <summary>How to connect to it; null for SQLite.</summary>
    public NpgsqlConnectionStringBuilder? Postgres { get; }

    /// <summary>What else the portal keeps; the file of SQLite is there too.</summary>
    public string Folder => _folder.Path;

    public IDbContextFactory<PortalDb> Databases => _services.GetRequiredService<IDbContextFactory<PortalDb>>();

    /// <summary>A database on the PostgreSQL server of these tests, or on another.</summary>
    public static TestDatabase OnPostgres(PostgresServer? server = null) =>
        new(Task.Run(async () => await (server ?? await PostgresServer.SharedAsync()).NewDatabaseAsync()).GetAwaiter().GetResult());

    public void Dispose()
    {
        using (var database = Databases.CreateDbContext())
        {
            // This one's connections alone: other tests use theirs at the same time.
            if (database.Database.GetDbConnection() is SqliteConnection sqlite) SqliteConnection.ClearPool(sqlite);
            else NpgsqlConnection.ClearPool((NpgsqlConnection)database.Database.GetDbConnection());
        }
        _services.Dispose();
        _folder.Dispose();
    }
}
