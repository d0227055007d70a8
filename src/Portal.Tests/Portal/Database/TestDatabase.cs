using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Database;

namespace Portal.Tests.Portal.Database;

/// <summary>A database file of its own, as the portal makes it.</summary>
public sealed class TestDatabase : IDisposable
{
    private readonly ServiceProvider _services;

    public TestDatabase()
    {
        Folder = Directory.CreateTempSubdirectory("portal-test-").FullName;
        _services = new ServiceCollection().AddPortalDatabase(Folder).BuildServiceProvider();
    }

    public string Folder { get; }

    public IDbContextFactory<PortalDb> Databases => _services.GetRequiredService<IDbContextFactory<PortalDb>>();

    public void Dispose()
    {
        using (var database = Databases.CreateDbContext())
        {
            // This file's connections alone: other tests use theirs at the same time.
            SqliteConnection.ClearPool((SqliteConnection)database.Database.GetDbConnection());
        }
        _services.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
