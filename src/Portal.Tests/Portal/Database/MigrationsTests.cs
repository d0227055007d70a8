using Microsoft.EntityFrameworkCore;
using Portal.Database;

namespace Portal.Tests.Portal.Database;

public abstract class MigrationsTests(Func<TestDatabase> newDatabase)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Lists columns, keys, indexes, references: a line each.</summary>
    protected abstract string SchemaQuery { get; }

    [Fact]
    public async Task The_migrations_make_the_schema_that_the_model_asks_for()
    {
        using var migrated = newDatabase();
        await DatabaseServices.MigrateAsync(migrated.Databases, Cancel);
        using var created = newDatabase();
        await using (var database = await created.Databases.CreateDbContextAsync(Cancel)) await database.Database.EnsureCreatedAsync(Cancel);

        var schema = await SchemaAsync(migrated);

        Assert.Equal(await SchemaAsync(created), schema);
        Assert.Contains(schema, line => line.StartsWith("operations.Parameters", StringComparison.Ordinal));
        Assert.Contains(schema, line => line.StartsWith("steps -> operations", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_portals_may_migrate_at_the_same_time()
    {
        using var test = newDatabase();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DatabaseServices.MigrateAsync(test.Databases, Cancel)));

        await using var database = await test.Databases.CreateDbContextAsync(Cancel);
        Assert.Empty(await database.Database.GetPendingMigrationsAsync(Cancel));
    }

    private async Task<List<string>> SchemaAsync(TestDatabase test)
    {
        await using var database = await test.Databases.CreateDbContextAsync(Cancel);
        await database.Database.OpenConnectionAsync(Cancel);
        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = SchemaQuery;
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel)) lines.Add(reader.GetString(0));
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}

public sealed class SqliteMigrationsTests() : MigrationsTests(() => new())
{
    protected override string SchemaQuery => """
        SELECT m.name || '.' || c.name || ' ' || c."notnull" || ' ' || c.pk FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\_\_EF%' ESCAPE '\'
        UNION ALL SELECT 'index ' || name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'index' AND name LIKE 'IX%'
        UNION ALL SELECT m.name || ' -> ' || f."table" || ' ' || f."from" || ' ' || f.on_delete FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
        """;
}

public sealed class PostgresMigrationsTests() : MigrationsTests(() => TestDatabase.OnPostgres())
{
    protected override string SchemaQuery => """
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || is_identity || ' ' || coalesce(column_default, '') FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_EF%'
        UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\_\_EF%'
        UNION ALL SELECT conrelid::regclass || ' -> ' || confrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
        """;
}
