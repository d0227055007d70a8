using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Database;
using Portal.Tests.Portal.Agents;

[assembly: HostingStartup(typeof(SampleTable))]

namespace Portal.Tests.Portal.Agents;

/// <summary>Keeps the read counters of samples in a table without a key: what comes twice stands there twice. A portal process that is told to
/// loads it from this assembly.</summary>
internal sealed class SampleTable : IHostingStartup
{
    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services => services.AddSingleton<SampleSink>(KeepAsync));

    public static async Task KeepAsync(PortalDb database, string node, ImmutableArray<NodeSample> samples, CancellationToken cancel)
    {
        var reads = JsonSerializer.Serialize(samples.Select(sample => sample.Devices[0].Reads));
        if (database.Database.IsNpgsql())
        {
            await database.Database.ExecuteSqlAsync($"CREATE TABLE IF NOT EXISTS test_samples (id BIGSERIAL, reads BIGINT NOT NULL)", cancel);
            await database.Database.ExecuteSqlAsync($"INSERT INTO test_samples (reads) SELECT value::bigint FROM json_array_elements_text({reads}::json)", cancel);
            return;
        }
        await database.Database.ExecuteSqlAsync($"CREATE TABLE IF NOT EXISTS test_samples (id INTEGER PRIMARY KEY, reads INTEGER NOT NULL)", cancel);
        await database.Database.ExecuteSqlAsync($"INSERT INTO test_samples (reads) SELECT value FROM json_each({reads})", cancel);
    }

    public static async Task<List<long>> ReadAsync(IDbContextFactory<PortalDb> databases, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Database.SqlQuery<long>($"""SELECT reads AS "Value" FROM test_samples ORDER BY id""").ToListAsync(cancel);
    }
}
