using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Core.Kubernetes;

namespace Portal.Simulator.Api;

/// <summary>A real HTTP server on a free loopback port that speaks the Kubernetes API from an object store in memory.</summary>
public sealed class SimulatedApiServer : IAsyncDisposable
{
    private static readonly string[] FirstNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private readonly WebApplication _web;

    private SimulatedApiServer(WebApplication web, ObjectStore store)
    {
        _web = web;
        Store = store;
        Faults = new Faults(store);
        Url = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Connection = new KubeConnection(Url, "simulator");
    }

    public Uri Url { get; }

    /// <summary>Connects as an administrator.</summary>
    public KubeConnection Connection { get; }

    public ObjectStore Store { get; }

    public Faults Faults { get; }

    public static async Task<SimulatedApiServer> StartAsync(SimulatedApiServerOptions options, CancellationToken cancel)
    {
        var store = new ObjectStore();
        var catalog = new ResourceCatalog(BuiltInResources.ServedBy(options.Minor));
        _ = new CustomResources(store, catalog);
        foreach (var name in FirstNamespaces) AddNamespace(store, catalog["namespaces"], name, options.TimeProvider);
        var router = new RequestRouter(catalog, new Discovery(catalog, options.ServerVersion, options.Minor),
            new ReadVerbs(store, options), new WriteVerbs(store, catalog, options), new DeleteVerbs(store, options));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = 16 << 20;
            kestrel.AddServerHeader = false;
        });
        var web = builder.Build();
        web.Run(router.HandleAsync);
        await web.StartAsync(cancel);
        return new(web, store);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _web.StopAsync(now.Token);
        await _web.DisposeAsync();
    }

    private static void AddNamespace(ObjectStore store, ResourceType namespaces, string name, TimeProvider time)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
            ["status"] = new JsonObject { ["phase"] = "Active" },
        };
        ObjectRules.Created(namespaces, body, null, time);
        store.TryPut(namespaces, null, body);
    }
}
