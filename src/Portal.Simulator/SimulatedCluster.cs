using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Kubernetes;
using Portal.Simulator.Api;
using Portal.Simulator.Life;
using Portal.Simulator.Life.Nodes;
using Portal.Simulator.Life.TopoLvm;
using Portal.Simulator.Scenarios;

namespace Portal.Simulator;

/// <summary>How a simulated cluster runs, beside what it holds.</summary>
public sealed record SimulatedClusterOptions
{
    /// <summary>Near zero by default; <see cref="Life.Pace.Demo"/> lets people watch.</summary>
    public Pace Pace { get; init; } = Pace.Instant;

    /// <summary>What the cluster goes on from; null where it begins when it starts.</summary>
    public MadePast? Past { get; init; }

    public ILogger Log { get; init; } = NullLogger.Instance;
}

/// <summary>A pretend cluster behind a real HTTP server that speaks the Kubernetes API: nodes, workloads and TopoLVM live in it.</summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly SimulatedApiServer _server;
    private readonly SimulatedLife _life;
    private readonly KubeClient _webhookClient;

    private SimulatedCluster(Scenario scenario, SimulatedApiServer server, SimulatedLife life, KubeClient webhookClient)
    {
        _webhookClient = webhookClient;
        Scenario = scenario;
        _server = server;
        _life = life;
    }

    public Scenario Scenario { get; }

    /// <summary>Connects as an administrator.</summary>
    public KubeConnection Connection => _server.Connection;

    /// <summary>What goes wrong with the API on demand.</summary>
    public Faults Faults => _server.Faults;

    public SimulatedApiServer Server => _server;

    /// <summary>What goes wrong with TopoLVM on demand; what goes wrong with one node is its own.</summary>
    public TopoLvmFaults TopoLvmFaults => new(_webhookClient);

    /// <summary>The insides of the nodes: take one offline, change its disks, let it lack an image.</summary>
    public ImmutableArray<SimulatedNode> Nodes => _life.Nodes;

    /// <inheritdoc cref="SimulatedLife.MountedOn"/>
    internal IEnumerable<(string LogicalVolume, VolumeUsage Usage)> MountedOn(string node, DateTimeOffset now) => _life.MountedOn(node, now);

    /// <summary>Throws <see cref="ArgumentException"/> when there is no such node.</summary>
    public SimulatedNode Node(string name) => _life.Node(name);

    /// <summary>Starts the cluster; it returns when every node has registered.</summary>
    public static async Task<SimulatedCluster> StartAsync(Scenario scenario, SimulatedClusterOptions? options, CancellationToken cancel)
    {
        options ??= new();
        var server = await SimulatedApiServer.StartAsync(new() { ServerVersion = scenario.ServerVersion }, cancel);
        try
        {
            await CreateAsync(server, scenario, cancel);
            var life = SimulatedLife.Start(server.Connection, scenario.Nodes, new LifeOptions
            {
                Pace = options.Pace,
                Log = options.Log,
                SchedulerAsksExtender = scenario.SchedulerAsksExtender,
                ExtenderWeight = scenario.ExtenderWeight,
                Past = options.Past,
            });
            life.ServeThrough(server.Handlers);
            await life.WhenRegisteredAsync(cancel);
            var webhookClient = new KubeClient(server.Connection);
            server.Admission = new WebhookCalls(webhookClient, TimeProvider.System).AdmitAsync;
            return new(scenario, server, life, webhookClient);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _life.DisposeAsync();
        _webhookClient.Dispose();
        await _server.DisposeAsync();
    }

    private static async Task CreateAsync(SimulatedApiServer server, Scenario scenario, CancellationToken cancel)
    {
        using var client = new KubeClient(server.Connection);
        await CreateAsync(client, scenario.Definitions, cancel);
        await CreateAsync(client, scenario.Objects, cancel);
        if (scenario.HasEdgeadmTopoLvm) await StandingTopoLvm.ByEdgeadmAsync(client, TimeProvider.System, cancel);
        if (scenario.Standing is not { } spec) return;
        await StandingTopoLvm.CreateAsync(client, spec, TimeProvider.System, cancel);
        if (scenario.LvmdFile is { } file)
        {
            var patch = new JsonObject { ["data"] = new JsonObject { ["lvmd.yaml"] = file } };
            await client.PatchAsync(LifeKinds.ConfigMaps, new(spec.Namespace, spec.Profile()!.LvmdConfigMap), Patch.Merge(patch.ToJsonString()), new WriteOptions { FieldManager = "kubectl-edit" }, cancel);
        }
        await new StandingCluster(server, client, scenario, TimeProvider.System).SeedAsync(cancel);
    }

    private static async Task CreateAsync(KubeClient client, IEnumerable<KubeObject> documents, CancellationToken cancel)
    {
        var api = await client.DiscoverAsync(cancel);
        foreach (var document in documents)
        {
            var kind = api.Find(document.ApiVersion, document.Kind) ?? throw new InvalidOperationException($"The simulated server does not serve {document}.");
            await client.CreateAsync(kind, document, new WriteOptions { FieldManager = "kubectl-create" }, cancel);
        }
    }
}
