using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Core.Agents;
using Portal.Core.Texts;
using Portal.Database;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Tests.Portal.Agents;
using Portal.Tests.Testing;
using LifePace = Portal.Simulator.Life.Pace;

namespace Portal.Tests.Portal.Database;

/// <summary>The server of the database crashes and comes back while the portal runs and an agent sends.</summary>
public sealed class RestartedServerTests : IAsyncLifetime
{
    private readonly Random _random = new(20261128);
    private readonly ManualTime _time = new();
    private PostgresServer _server = null!;
    private TestPortal _portal = null!;
    private TestAgent _agent = null!;
    private int _taken;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalDatabase Database => _portal.Services.GetRequiredService<PortalDatabase>();

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        var database = await _server.NewDatabaseAsync();
        _portal = await TestPortal.StartAsync(new PortalOptions { Demo = true, Database = DatabaseAddress.Postgres(database.ConnectionString) }, Cancel, services => services
            .AddSingleton(new Scenario("without nodes", [])).AddSingleton(LifePace.Instant).AddSingleton<SampleSink>(SampleTable.KeepAsync));
        var token = await _portal.Services.GetRequiredService<JoinTokens>().CreateAsync("edge-1", TimeSpan.FromDays(1), "admin", Cancel);
        _agent = new TestAgent(_portal.Url, "edge-1", token, time: _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _portal.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_portal_says_so_goes_on_afterwards_and_has_every_sample_once()
    {
        for (var round = 0; round < 3; round++)
        {
            await KeptAsync(_taken + _random.Next(10, 200));
            await _server.StopAsync();
            Sample();
            await Database.Live.UntilAsync(state => state.Problem is not null, Cancel);
            Assert.Contains(Database.Live.Current.Problem!.Key, (string[])[nameof(DatabaseTexts.Unreachable), nameof(DatabaseTexts.Starting)]);
            Assert.Equal(System.Net.HttpStatusCode.OK, await StatusAsync("healthz"));
            Assert.Equal(System.Net.HttpStatusCode.OK, await StatusAsync(""));
            await _server.StartAgainAsync();
            await Database.Live.UntilAsync(state => state.Problem is null, Cancel);
        }

        await Eventually.PassesAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(0, _agent.Spool.Bytes);
        }, Cancel);
        Assert.Equal(Enumerable.Range(0, _taken).Select(number => (long)number), await ReadAsync());
    }

    private Task KeptAsync(int enough) => Eventually.PassesAsync(async () =>
    {
        Sample();
        Assert.InRange((await ReadAsync()).Count, enough, int.MaxValue);
    }, Cancel);

    private void Sample()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        if (_agent.Spool.Bytes > 2 << 20) return;
        for (var i = 0; i < 10; i++)
        {
            var reads = _taken++;
            _agent.Spool.Append(new NodeSample(0, _time.GetUtcNow(), "boot", [new("8:0", "sda", reads, 0, 0, 0, 0, 0, 0, 0, 0)]));
        }
    }

    private Task<List<long>> ReadAsync() => SampleTable.ReadAsync(_portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>(), Cancel);

    private async Task<System.Net.HttpStatusCode> StatusAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = _portal.Url };
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return answer.StatusCode;
    }
}
