using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Database;

/// <summary>Registers the portal's database and brings its schema up to date.</summary>
public static class DatabaseServices
{
    /// <param name="address">Taken where no <see cref="PortalDatabase"/> is registered yet.</param>
    public static IServiceCollection AddPortalDatabase(this IServiceCollection services, DatabaseAddress address)
    {
        services.TryAddSingleton(_ => new PortalDatabase(address));
        return services.AddDbContextFactory<PortalDb>((provider, options) => provider.GetRequiredService<PortalDatabase>().Configure(options));
    }

    public static async Task MigrateAsync(IDbContextFactory<PortalDb> databases, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await MigrateAsync(database, cancel);
    }

    internal static async Task MigrateAsync(PortalDb database, CancellationToken cancel)
    {
        if (!database.Database.IsNpgsql())
        {
            await database.Database.MigrateAsync(cancel);
            return;
        }
        // The provider looks which migrations are missing before it locks anything.
        await database.Database.OpenConnectionAsync(cancel);
        await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({OneWriter.Key})", cancel);
        try
        {
            await database.Database.MigrateAsync(cancel);
        }
        finally
        {
            await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({OneWriter.Key})", CancellationToken.None);
            await database.Database.CloseConnectionAsync();
        }
    }
}
