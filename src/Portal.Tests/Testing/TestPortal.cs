using Microsoft.Extensions.DependencyInjection;
using Portal.Cluster;
using Portal.Core;
using Portal.Core.Agents;
using Portal.Core.Cluster;
using Portal.Core.Metrics;
using Portal.Core.TopoLvm;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;

namespace Portal.Tests.Testing;

/// <summary>The whole portal on a free port of this machine, with its data in a folder that goes with it.</summary>
public sealed class TestPortal : IAsyncDisposable
{
    private readonly PortalApp _app;
    private readonly TemporaryFolder _data;

    private TestPortal(PortalApp app, TemporaryFolder data) => (_app, _data) = (app, data);

    /// <summary>With a slash at the end.</summary>
    public Uri Url => new(_app.Addresses.Single());

    /// <summary>Where agents alone are served.</summary>
    public IEnumerable<string> AgentUrls => _app.AgentAddresses;

    public IServiceProvider Services => _app.Services;

    public ClusterSnapshot Cluster => Services.GetRequiredService<Live<ClusterSnapshot>>().Current;

    public StorageState Storage => Services.GetRequiredService<Live<StorageState>>().Current;

    /// <summary>The simulated cluster behind it, when it manages one.</summary>
    public SimulatedCluster Simulated => Services.GetRequiredService<ClusterSource>().Simulated ?? throw new InvalidOperationException("This portal manages another cluster.");

    /// <param name="before">Registrations that take the place of the portal's own.</param>
    public static async Task<TestPortal> StartAsync(PortalOptions options, CancellationToken cancel, Action<IServiceCollection>? before = null)
    {
        var data = new TemporaryFolder();
        var app = PortalApp.Create(options with { Data = data.Path, Urls = "http://127.0.0.1:0" }, before);
        await app.StartAsync(cancel);
        return new TestPortal(app, data);
    }

    /// <summary>Manages a simulated cluster that does in moments what takes minutes, and has read it.</summary>
    public static Task<TestPortal> OnSimulatedAsync(Scenario scenario, CancellationToken cancel) => OnSimulatedAsync(scenario, hasAgents: false, cancel);

    /// <summary>The same, with the real agent on each simulated node.</summary>
    public static async Task<TestPortal> OnSimulatedWithAgentsAsync(Scenario scenario, CancellationToken cancel)
    {
        var portal = await OnSimulatedAsync(scenario, hasAgents: true, cancel);
        var online = scenario.Nodes.Where(node => node.OfflineFor is null).Select(node => node.Name).ToArray();
        await portal.Services.GetRequiredService<AgentRegistry>().Live.UntilAsync(agents => online.All(name => agents.Find(name)?.Inventory is not null), cancel);
        return portal;
    }

    /// <summary>A site in use, without agents, whose numbers the test makes up.</summary>
    internal static Task<TestPortal> OnPlayedAsync(PlayedMetrics metrics, CancellationToken cancel) =>
        OnSimulatedAsync(Scenario.Storage, hasAgents: false, cancel, services => services.AddSingleton<IMetricSource>(metrics));

    private static async Task<TestPortal> OnSimulatedAsync(Scenario scenario, bool hasAgents, CancellationToken cancel, Action<IServiceCollection>? before = null)
    {
        var portal = await StartAsync(new PortalOptions { Demo = true, DemoAgents = hasAgents }, cancel, services =>
        {
            services.AddSingleton(scenario).AddSingleton(Pace.Instant);
            before?.Invoke(services);
        });
        await Eventually.PassesAsync(() => Assert.True(portal.Storage.IsComplete), cancel);
        return portal;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _data.Dispose();
    }
}
