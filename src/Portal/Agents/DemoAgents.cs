using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Portal.Cluster;
using Portal.Core;
using Portal.Hosting;
using Portal.Simulator.Life.Nodes.Agents;

namespace Portal.Agents;

/// <summary>Runs the agents of the demo's nodes against this portal, once it listens.</summary>
internal sealed class DemoAgents(PortalOptions options, ClusterSource source, Live<ClusterStatus> status, IServer server, IHostApplicationLifetime lifetime, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.DemoAgents) return;
        var changed = new Signal();
        // Subscribe before reading Current, or a change between the two is lost.
        using var subscription = status.Subscribe(changed.Set);
        using var started = lifetime.ApplicationStarted.Register(changed.Set);
        try
        {
            while (!status.Current.IsConnected || !lifetime.ApplicationStarted.IsCancellationRequested) await changed.WaitAsync(stoppingToken);
            if (source.Simulated is not { } simulated) return;
            var address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
            await using var agents = await SimulatedAgents.StartAsync(simulated, address, time, loggers, stoppingToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
    }
}
