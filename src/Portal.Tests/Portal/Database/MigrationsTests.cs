using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Database;

namespace Portal.Tests.Portal.Database;

public sealed class MigrationsTests
{
    [Fact]
    public async Task The_migrations_make_the_schema_that_the_model_asks_for()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var migrated = new TestDatabase();
        await DatabaseServices.MigrateAsync(migrated.Databases, cancel);
        using var created = new TestDatabase();
        await using (var database = await created.Databases.CreateDbContextAsync(cancel)) await database.Database.EnsureCreatedAsync(cancel);

        var schema = await SchemaAsync(migrated, cancel);

        Assert.Equal(await SchemaAsync(created, cancel), schema);
        Assert.Contains(schema, line => line.StartsWith("operations.Parameters", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_portals_may_migrate_at_the_same_time()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var test = new TestDatabase();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DatabaseServices.MigrateAsync(test.Databases, cancel)));

        await using var database = await test.Databases.CreateDbContextAsync(cancel);
        Assert.Empty(await database.Database.GetPendingMigrationsAsync(cancel));
    }

    private static async Task<List<string>> SchemaAsync(TestDatabase test, CancellationToken cancel)
    {
        await using var database = await test.Databases.CreateDbContextAsync(cancel);
        await database.Database.OpenConnectionAsync(cancel);
        var connection = (SqliteConnection)database.Database.GetDbConnection();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT m.name || '.' || c.name || ' ' || c."notnull" || ' ' || c.pk FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\_\_EF%' ESCAPE '\'
            UNION ALL SELECT 'index ' || name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'index' AND name LIKE 'IX%'
            UNION ALL SELECT m.name || ' -> ' || f."table" || ' ' || f."from" || ' ' || f.on_delete FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
            ORDER BY 1
            """;
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) lines.Add(reader.GetString(0));
        return lines;
    }
}
