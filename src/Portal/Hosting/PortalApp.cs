using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Agents;
using Portal.Alerts;
using Portal.Cluster;
using Portal.Components;
using Portal.Components.Charts;
using Portal.Database;
using Portal.Health;
using Portal.Layout;
using Portal.Metrics;
using Portal.Pages.Install;
using Portal.Pages.Volumes;
using Radzen;

namespace Portal.Hosting;

/// <summary>The whole portal as an object: what <c>Program</c> runs, and what a test starts on a free port.</summary>
public sealed class PortalApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PortalApp(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    /// <summary>Where the pages are, once it has started.</summary>
    public IEnumerable<string> Addresses => Listening.Where(address => !IsForAgents(address));

    /// <summary>Where agents alone are served, once it has started.</summary>
    public IEnumerable<string> AgentAddresses => Listening.Where(IsForAgents);

    private ICollection<string> Listening => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <param name="before">Registrations that take the place of the portal's own.</param>
    public static PortalApp Create(PortalOptions options, Action<IServiceCollection>? before = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(PortalApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        // Configure() without an argument drops the addresses that a configuration file or variable could add past the loopback rule.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Configure();
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            // An agent of each of a site's nodes, beside the people.
            kestrel.Limits.MaxConcurrentConnections = 12_000;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 10_000;
            kestrel.ServeAgents(options);
        });
        builder.WebHost.UseUrls([options.Urls ?? ListenAddresses.FirstFree(), .. options.AgentUrls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? []]);
        AddLogging(builder.Logging);
        before?.Invoke(builder.Services);
        AddServices(builder.Services, options);
        var app = builder.Build();
        Map(app);
        return new PortalApp(app);
    }

    public Task StartAsync(CancellationToken cancel) => _app.StartAsync(cancel);

    /// <summary>Returns after the process was told to stop.</summary>
    public Task WaitForStopAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static bool IsForAgents(string address) => address.StartsWith("https:", StringComparison.Ordinal);

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // They log each statement, and each failure a second time: whoever asked the database says what failed.
        logging.AddFilter("Npgsql", LogLevel.Warning);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        // It warns at each first start that the keys are not encrypted; their folder is the person's own.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }

    private static void AddServices(IServiceCollection services, PortalOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddDataProtection().SetApplicationName("topolvm-portal").PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(options.Data, "keys")));
        services.FilterHostsOfPages();
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = 1 << 20);
        services.AddHttpContextAccessor();
        services.AddRadzenComponents();
        services.AddLanguages();
        services.AddSingleton<Clock>();
        services.AddScoped<FileDownload>();
        services.AddScoped<Clipboard>();
        services.AddSingleton(Person.OfThisProcess);
        services.AddSingleton<InstallReviewer>();
        services.AddSingleton<RemovalReviewer>();
        services.AddSingleton<FileSystemUses>();
        services.AddOperations(options.Database ?? DatabaseAddress.InFolder(options.Data));
        services.AddPortalMetrics(options.Prometheus);
        services.AddAgents();
        services.AddCluster();
        services.AddHealth();
        services.AddAlerts();
        services.AddSingleton<MetricWatch>();
    }

    private static void Map(WebApplication app)
    {
        app.UseAgentListener();
        app.UseExceptionHandler("/error");
        app.UseBrowserRules();
        app.UseRequestLocalization();
        app.UseStatusCodePagesWithReExecute("/not-found");
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapLanguages();
        app.MapHealth();
        app.MapAgents();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
    }
}
