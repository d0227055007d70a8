using Portal.Agents;
using Portal.Core.Agents;
using Portal.Tests.Portal.Database;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.Agents;

/// <summary>A portal process that dies by SIGKILL while an agent sends, and starts again on the same data.</summary>
public abstract class KilledPortalTests(SimulatedTestCluster cluster, Func<TestDatabase> newDatabase) : ClusterTest(cluster)
{
    private readonly Random _random = new(20261125);
    private readonly ManualTime _time = new();
    private int _taken;

    [Fact]
    public async Task No_sample_is_lost_or_doubled_when_the_portal_is_killed_while_they_come()
    {
        using var database = newDatabase();
        var portal = await StartAsync(database);
        try
        {
            await using var network = new TcpRelay(portal.Url);
            var tokens = new JoinTokens(database.Databases, new AgentRegistry(TimeProvider.System), TimeProvider.System);
            await using var agent = new TestAgent(network.Url, "edge-1", await tokens.CreateAsync("edge-1", TimeSpan.FromDays(1), "admin", Cancel), time: _time);
            for (var round = 0; round < 4; round++)
            {
                var enough = _taken + _random.Next(10, 300);
                await Eventually.PassesAsync(async () =>
                {
                    Sample(agent);
                    Assert.InRange((await SampleTable.ReadAsync(database.Databases, Cancel)).Count, enough, int.MaxValue);
                }, Cancel);
                Sample(agent);
                await portal.DisposeAsync();
                portal = await StartAsync(database);
                network.Mend(portal.Url);
            }

            await Eventually.PassesAsync(() =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                Assert.Equal(0, agent.Spool.Bytes);
            }, Cancel);
            Assert.Equal(Enumerable.Range(0, _taken).Select(number => (long)number), await SampleTable.ReadAsync(database.Databases, Cancel));
        }
        finally
        {
            await portal.DisposeAsync();
        }
    }

    private Task<PortalProcess> StartAsync(TestDatabase database) => PortalProcess.StartExtendedAsync(Cluster.KubeconfigPath, database.Folder, Cancel, database.Postgres?.ConnectionString);

    // Large ones, so that some are always on their way; while the portal starts no more of them than can be caught up with soon.
    private void Sample(TestAgent agent)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        if (agent.Spool.Bytes > 2 << 20) return;
        for (var i = 0; i < 20; i++)
        {
            var reads = _taken++;
            agent.Spool.Append(new NodeSample(0, _time.GetUtcNow(), "boot", [.. Enumerable.Range(0, 50).Select(disk => new DeviceCounters($"8:{disk}", $"sd{disk}", reads, 0, 0, 0, 0, 0, 0, 0, 0))]));
        }
    }
}

public sealed class SqliteKilledPortalTests(SimulatedTestCluster cluster) : KilledPortalTests(cluster, () => new());

public sealed class PostgresKilledPortalTests(SimulatedTestCluster cluster) : KilledPortalTests(cluster, () => TestDatabase.OnPostgres());
