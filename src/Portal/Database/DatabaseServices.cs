using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Database;

/// <summary>Registers the portal's database and brings its schema up to date.</summary>
public static class DatabaseServices
{
    /// <summary>One SQLite file in the data directory.</summary>
    public static IServiceCollection AddPortalDatabase(this IServiceCollection services, string dataDirectory) =>
        services.AddDbContextFactory<PortalDb>(options => options
            .UseSqlite("Data Source=" + Path.Combine(dataDirectory, "portal.db"))
            .AddInterceptors(DurableJournal.Instance)
            // Migrations are written by hand, without a model snapshot to compare with; a test compares the schemas instead.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));

    public static async Task MigrateAsync(IDbContextFactory<PortalDb> databases, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await database.Database.MigrateAsync(cancel);
    }

    /// <summary>Write-ahead log, synced at every commit: an effect that was journalled is on the disk before it is sent, even when the power goes.</summary>
    private sealed class DurableJournal : DbConnectionInterceptor
    {
        public static readonly DurableJournal Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";

        private static void Set(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }
    }
}
