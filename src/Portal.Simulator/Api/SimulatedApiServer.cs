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
    private readonly Housekeeping _housekeeping;
    private readonly Creation _creation;
    private readonly Seeding _seeding;

    private SimulatedApiServer(WebApplication web, Housekeeping housekeeping, Creation creation, Seeding seeding, ObjectStore store)
    {
        _web = web;
        _housekeeping = housekeeping;
        _creation = creation;
        _seeding = seeding;
        Store = store;
        Url = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Connection = new KubeConnection(Url, "simulator");
    }

    public Uri Url { get; }

    /// <summary>Connects as an administrator.</summary>
    public KubeConnection Connection { get; }

    public ObjectStore Store { get; }

    public required Faults Faults { get; init; }

    /// <summary>Who may come; requests without a token are an administrator's.</summary>
    public required ApiUsers Users { get; init; }

    /// <summary>What answers for logs and proxied requests.</summary>
    public required ProxyHandlers Handlers { get; init; }

    /// <summary>Asked before any object is created, dry run included; null admits everything.</summary>
    public CreateAdmission? Admission
    {
        get => _creation.Admission;
        set => _creation.Admission = value;
    }

    /// <summary>Puts objects in as they are, with their uids and status, before anybody looks.</summary>
    public void Seed(IEnumerable<KubeObject> documents) => _seeding.Seed(documents);

    public static async Task<SimulatedApiServer> StartAsync(SimulatedApiServerOptions options, CancellationToken cancel)
    {
        var store = new ObjectStore();
        var catalog = new ResourceCatalog(BuiltInResources.ServedBy(options.Minor));
        _ = new CustomResources(store, catalog);
        var deletion = new Deletion(store, options.TimeProvider);
        var claims = new ClaimAdmission(store, catalog, options.Minor);
        var creation = new Creation(store, catalog, claims, options);
        var quota = new ClaimQuota(store, catalog);
        var housekeeping = new Housekeeping(store, new GarbageCollector(store, deletion).Follow, new Terminations(store, catalog, deletion, options.TimeProvider).Follow,
            change => quota.Follow(change, deletion));
        foreach (var name in FirstNamespaces) AddNamespace(store, catalog["namespaces"], name, options.TimeProvider);
        var (faults, users, handlers) = (new Faults(store, options.TimeProvider), new ApiUsers(), new ProxyHandlers());
        var rules = new AccessRules(store, catalog);
        var tokens = new IssuedTokens(store, catalog, options.TimeProvider);
        var router = new RequestRouter(catalog, new Discovery(catalog, options.ServerVersion, options.Minor),
            new Gatekeeper(faults, users, rules, new Reviews(users, rules, tokens), tokens, handlers),
            new ReadVerbs(store, options), new WriteVerbs(store, creation, deletion, claims, options), new DeleteVerbs(store, deletion));
        var web = Listen(router);
        await web.StartAsync(cancel);
        return new(web, housekeeping, creation, new Seeding(store, catalog, options), store) { Faults = faults, Users = users, Handlers = handlers };
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _web.StopAsync(now.Token);
        await _web.DisposeAsync();
        await _housekeeping.DisposeAsync();
    }

    private static WebApplication Listen(RequestRouter router)
    {
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
        return web;
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
